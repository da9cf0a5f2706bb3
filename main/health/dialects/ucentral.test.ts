import { deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { read, sample, stateOf } from '../../../tests/support/dialect-samples.ts';
import { PAYLOAD_LIMIT_BYTES } from '../../contract/mqtt-payloads.ts';

describe('uCentral', () => {
  const topic = (subject: string) => `ucentral/50987100327b/${subject}`;
  const envelope = z.object({ payload: z.record(z.string(), z.unknown()) });
  const params = () => envelope.parse(JSON.parse(sample('ucentral-state').toString())).payload;
  const packed = (bytes: Buffer, size: number) =>
    Buffer.from(
      JSON.stringify({
        jsonrpc: '2.0',
        method: 'state',
        params: { compress_64: bytes.toString('base64'), compress_sz: size },
      }),
    );

  const shown = {
    uptimeS: 5_748,
    configId: '1657200535',
    memory: { totalB: 254_537_728, freeB: 141_684_736 },
    uplink: { port: 'eth0', mbps: 1_000 },
    radios: [
      {
        band: '2.4',
        channel: 6,
        widthMHz: 40,
        txPowerDbm: 30,
        noiseDbm: -99,
        activeMs: 1_250_435,
        busyMs: 92_944,
      },
      { band: '5', channel: 100, widthMHz: 80, txPowerDbm: 24, noiseDbm: -108, rxMs: 3_991, txMs: 4_124 },
    ],
    ssids: [
      { ssid: 'tls_ssid_wpa2', bssid: '50:98:71:00:32:7a', clients: 1, rxB: 7_385, txB: 5_798 },
      { ssid: 'tls_ssid_wpa2', bssid: '50:98:71:00:32:79', clients: 0 },
    ],
    clients: [{ mac: '04:f0:21:76:ca:b6', rssiDbm: -49, connectedS: 769 }],
  };

  test("the gateway's message", () => {
    const reading = read('ucentral', topic('state'), sample('ucentral-state'));
    expect(reading).toMatchObject({ says: '50987100327b', findings: [{ at: 1_657_201_798_000 }] });
    expect(stateOf(reading, 'ap')).toMatchObject(shown);
  });

  test('the same, packed by the device', () => {
    const text = Buffer.from(JSON.stringify(params()));
    expect(
      stateOf(read('ucentral', topic('state'), packed(deflateSync(text), text.length)), 'ap'),
    ).toMatchObject(shown);
  });

  test('newer firmware names the band and measures channels by frequency', () => {
    const radio = {
      ...{ channel: 37, channel_width: 160, tx_power: 20, band: ['6G'], frequency: [6_135, 6_185] },
      survey: [
        { frequency: 5_955, time: 5, busy: 4, noise: -90 },
        { frequency: 6_135, time: 900, busy: 90, noise: -97, time_rx: 50, time_tx: 20 },
      ],
    };
    const text = JSON.stringify({
      jsonrpc: '2.0',
      method: 'state',
      params: {
        serial: '50987100327b',
        uuid: 5,
        state: { radios: [radio], unit: { cpu_load: [12, 10, 14] } },
      },
    });
    expect(stateOf(read('ucentral', topic('state'), Buffer.from(text)), 'ap')).toMatchObject({
      cpuPct: 12,
      radios: [
        {
          band: '6',
          channel: 37,
          widthMHz: 160,
          noiseDbm: -97,
          activeMs: 900,
          busyMs: 90,
          rxMs: 50,
          txMs: 20,
        },
      ],
    });
  });

  test('a switch shows its links as ports', () => {
    expect(
      stateOf(read('ucentral', topic('state'), sample('ucentral-state'), 'switch'), 'switch'),
    ).toMatchObject({
      ports: [
        { port: 'eth0', up: true, mbps: 1_000 },
        { port: 'eth1', up: false },
      ],
    });
  });

  test.each([
    ['healthcheck', 'ucentral-healthcheck', 'info', '903cb39d69c0'],
    ['healthcheck', 'ucentral-healthcheck-poor', 'critical', '0006aee53b84'],
  ])('%s %s is of severity %s', (subject, name, severity, says) => {
    expect(read('ucentral', topic(subject), sample(name))).toMatchObject({
      says,
      findings: [{ kind: 'contact' }, { kind: 'event', type: 'ucentral.healthcheck', severity }],
    });
  });

  test.each([
    ['ucentral-capabilities', 'birth', '824f816011e4'],
    ['ucentral-ping', 'contact', 'f40b9fe78d3d'],
    ['ucentral-disconnection', 'death', '824f816011e4'],
  ])('%s is a %s', (name, kind, says) => {
    expect(read('ucentral', topic('connection'), sample(name))).toEqual({
      ok: true,
      findings: [{ kind }],
      says,
    });
  });

  test.each([
    ['state', 'ucentral-bad-packed', 'not-base64'],
    ['healthcheck', 'ucentral-bad-no-serial', 'wrong-field /serial'],
    ['healthcheck', 'ucentral-bad-sanity', 'wrong-field /healthcheck'],
    ['connection', 'ucentral-bad-method', 'wrong-method'],
    ['state', 'ucentral-healthcheck', 'wrong-field /state'],
  ])('on %s, %s is refused', (subject, name, reason) => {
    expect(read('ucentral', topic(subject), sample(name))).toMatchObject({ ok: false, reason });
  });

  test('a bomb, a wrong length, another packing and a packed packing are refused', () => {
    const refused = (bytes: Buffer, size: number) => read('ucentral', topic('state'), packed(bytes, size));
    const text = Buffer.from(JSON.stringify(params()));
    const bomb = deflateSync(Buffer.alloc(30_000_000, ' '));
    expect(bomb.length).toBeLessThan(PAYLOAD_LIMIT_BYTES / 2);
    expect(refused(bomb, 30_000_000)).toMatchObject({ ok: false, reason: 'too-large' });
    expect(refused(deflateSync(text), text.length + 1)).toMatchObject({ ok: false, reason: 'wrong-length' });
    expect(refused(gzipSync(text), text.length)).toMatchObject({ ok: false, reason: 'not-zlib' });
    const inner = Buffer.from(JSON.stringify({ compress_64: deflateSync(text).toString('base64') }));
    expect(refused(deflateSync(inner), inner.length)).toMatchObject({ ok: false, reason: 'packed-twice' });
    expect(refused(deflateSync(Buffer.from('[1]')), 3)).toMatchObject({ ok: false });
  });
});
