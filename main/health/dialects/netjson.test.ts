import { describe, expect, test } from 'vitest';
import { findings, read, sample, stateOf } from '../../../tests/support/dialect-samples.ts';

describe('NetJSON', () => {
  const topic = 'netjson/ap-1/DeviceMonitoring';

  test("the standard's own example", () => {
    expect(findings(read('netjson', topic, sample('netjson-standard')))[0]).toMatchObject({
      at: 1_414_305_354_000,
    });
    expect(stateOf(read('netjson', topic, sample('netjson-standard')), 'ap')).toMatchObject({
      uptimeS: 3_501_937,
      cpuPct: 17,
      memory: { totalB: 67_108_864, freeB: 3_156 },
      ssids: [],
    });
  });

  test("OpenWISP's example: two networks on one channel are one radio", () => {
    expect(stateOf(read('netjson', topic, sample('netjson-openwisp')), 'ap')).toMatchObject({
      uptimeS: 8_003,
      radios: [{ band: '2.4', channel: 6, widthMHz: 20, txPowerDbm: 6, noiseDbm: -95 }],
      ssids: [
        { ssid: 'testnet', enabled: true, clients: 1, rxB: 324, txB: 145 },
        { ssid: 'testnet', enabled: true, clients: 2, rxB: 2_275, txB: 826 },
      ],
      clients: [{ mac: '00:ee:ad:34:f5:3b' }, { mac: 'b0:e1:7e:30:16:44' }, { mac: 'c0:ee:fb:34:f5:4b' }],
    });
  });

  test("what the agent turned to the clients' view is turned back", () => {
    const report = {
      type: 'DeviceMonitoring',
      interfaces: [
        {
          name: 'wlan0',
          type: 'wireless',
          statistics: { rx_bytes: 7, tx_bytes: 9 },
          wireless: { mode: 'access_point', clients: {} },
        },
      ],
    };
    const state = stateOf(read('netjson', topic, Buffer.from(JSON.stringify(report))), 'ap');
    expect(state).toMatchObject({ ssids: [{ rxB: 9, txB: 7, clients: 0 }] });
  });

  test('a switch has ports', () => {
    const report = {
      type: 'DeviceMonitoring',
      interfaces: [
        { name: 'lan1', type: 'ethernet', up: true, speed: '1000F' },
        { name: 'lan2', type: 'ethernet', up: false, speed: '-1F' },
        { name: 'br-lan', type: 'bridge', up: true },
      ],
    };
    expect(
      stateOf(read('netjson', topic, Buffer.from(JSON.stringify(report)), 'switch'), 'switch'),
    ).toMatchObject({
      ports: [
        { port: 'lan1', up: true, mbps: 1_000 },
        { port: 'lan2', up: false },
      ],
    });
  });

  test.each([
    ['netjson-bad-no-name', 'wrong-field /interfaces'],
    ['netjson-bad-type', 'wrong-field /type'],
    ['netjson-bad-no-type', 'wrong-field /type'],
  ])('%s is refused', (name, reason) => {
    expect(read('netjson', topic, sample(name))).toMatchObject({ ok: false, reason });
  });

  test('a report without interfaces is a report', () => {
    expect(stateOf(read('netjson', topic, sample('netjson-empty')), 'ap')).toMatchObject({
      radios: [],
      ssids: [],
    });
    expect(read('netjson', topic, sample('netjson-empty'), 'camera')).toMatchObject({
      ok: false,
      reason: 'wrong-kind',
    });
  });
});
