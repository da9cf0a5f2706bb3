import { describe, expect, test } from 'vitest';
import { deviceRecord, statePayload } from '../../tests/support/health-harness.ts';
import { turnedHealth } from '../../tests/support/turned-health.ts';
import { Bitset } from '../base/bitset.ts';

const turned = turnedHealth();
const { birth, will, state, healthOf } = turned;

describe('what the hub sees of a camera', () => {
  test('a seen stream is online and a lost one offline, though the camera never spoke', () => {
    turned.hub.health.streamSeen('cam-1', { ok: true, reason: 'stream-ok' });
    expect(turned.hub.statusOf('cam-1')).toBe('online');
    turned.hub.seconds(600);
    expect(turned.hub.statusOf('cam-1')).toBe('online');
    turned.hub.health.streamSeen('cam-1', { ok: false, reason: 'stream-lost' });
    expect(turned.hub.statusOf('cam-1')).toBe('offline');
  });

  test('a camera that reports while its stream is lost is degraded', async () => {
    turned.hub.send('camera', 'cam-1', 'state', statePayload('cam-1', 1, 1));
    turned.hub.health.streamSeen('cam-1', { ok: false, reason: 'stream-lost' });
    expect(await healthOf(2)).toMatchObject({ status: 'degraded', reason: 'stream-lost' });
  });
});

describe('what is shown', () => {
  test('the access point with its radios, clients, skew and the course of its status', async () => {
    birth();
    const radios = (activeMs: number, busyMs: number) => [
      { band: '2.4', channel: 6, widthMHz: 20, noiseDbm: -95, activeMs, busyMs },
      { band: '5', channel: 44, widthMHz: 80, noiseDbm: -100, activeMs, busyMs: busyMs / 2 },
    ];
    const clients = [{ mac: 'AA:BB:CC:DD:EE:FF', rssiDbm: -60 }];
    state(1, 1, { uptimeS: 10, radios: radios(0, 0), clients, ts: turned.hub.clock.now() + 40_000 });
    state(1, 2, { uptimeS: 40, radios: radios(1000, 400), clients, ts: turned.hub.clock.now() + 40_000 });
    const device = deviceRecord(1, 'ap', 'ap-1');
    expect(turned.hub.health.accessPointSummary(device)).toMatchObject({
      status: 'online',
      clients: 1,
      utilisation: 0.4,
      noiseDbm: -95,
      channels: '2.4:6 5:44',
    });
    expect(await healthOf(1)).toMatchObject({ skewMs: 40_000, clientCount: 1, uptimeS: 40 });
    expect((await healthOf(1, true)).clients[0]?.mac).toBe('AA:BB:CC:DD:EE:FF');
    expect((await healthOf(1, false)).clients[0]?.mac).toBe('aa:bb:cc:xx:xx:xx');
    will();
    await turned.hub.health.flush();
    turned.hub.seconds(1);
    state(1, 3);
    expect((await healthOf(1)).changes.map((change) => change.status)).toEqual([
      'online',
      'suspect',
      'online',
    ]);
  });

  test('counts only what a person may see', () => {
    birth();
    const visible = new Bitset();
    visible.add(2);
    turned.hub.seconds(2);
    expect(turned.hub.health.monitoring().counts.ap?.online).toBe(1);
    expect(turned.hub.health.monitoringOf(visible).counts).toMatchObject({
      ap: { online: 0, 'never-seen': 0 },
      camera: { 'never-seen': 1 },
    });
  });

  test('events are kept once, however often they are delivered', async () => {
    const event = { ...statePayload('ap-1', 1, 7), type: 'fan', severity: 'warning', data: { rpm: 0 } };
    turned.hub.send('ap', 'ap-1', 'event', event);
    turned.hub.send('ap', 'ap-1', 'event', event);
    const device = deviceRecord(1, 'ap', 'ap-1');
    expect(await turned.hub.health.events(device)).toMatchObject([
      { type: 'fan', severity: 'warning', data: { rpm: 0 } },
    ]);
  });
});
