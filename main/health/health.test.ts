import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  deviceRecord,
  handTurned,
  linkUp,
  statePayload,
  statusPayload,
  temporaryFolder,
} from '../../tests/support/health-harness.ts';
import { Bitset } from '../base/bitset.ts';

let folder: ReturnType<typeof temporaryFolder>;
let hub: Awaited<ReturnType<typeof handTurned>>;
beforeEach(async () => {
  folder = temporaryFolder();
  hub = await handTurned(folder.path);
});
afterEach(async () => {
  await hub.stop();
  folder.remove();
});

const birth = (session = 1) => hub.send('ap', 'ap-1', 'status', statusPayload('ap-1', session));
const will = (session = 1, retained = false) =>
  hub.send('ap', 'ap-1', 'status', statusPayload('ap-1', session, false), retained);
const state = (session: number, seq: number, more: object = {}) =>
  hub.send('ap', 'ap-1', 'state', statePayload('ap-1', session, seq, more));
const healthOf = (num: number, macs = true) => {
  const device = hub.devices.find((record) => record.num === num);
  if (!device) throw new Error('no such device');
  return hub.health.health(device, macs);
};
const ap = () => hub.statusOf('ap-1');

describe('the life of a device', () => {
  test('never seen, born, Will, grace, offline, back', () => {
    expect(ap()).toBe('never-seen');
    birth();
    expect(ap()).toBe('online');
    hub.seconds(5);
    will();
    expect(ap()).toBe('suspect');
    hub.seconds(9);
    expect(ap()).toBe('suspect');
    hub.seconds(2);
    expect(ap()).toBe('offline');
    state(1, 1);
    expect(ap()).toBe('online');
  });

  test('a device that stays silent is offline after two and a half of its own heartbeats', () => {
    hub.send('ap', 'ap-1', 'status', statusPayload('ap-1', 1, true, 4));
    hub.seconds(31);
    hub.send('ap', 'ap-1', 'state', statePayload('ap-1', 1, 1));
    hub.seconds(8);
    expect(ap()).toBe('online');
    hub.seconds(3);
    expect(ap()).toBe('offline');
  });

  test('a Will of an older session does not touch the live one', () => {
    birth(17);
    birth(18);
    will(17);
    hub.seconds(12);
    expect(ap()).toBe('online');
  });

  test('a report that comes late fills the history and leaves the live state alone', async () => {
    birth();
    state(1, 1, { ts: hub.clock.now(), clients: [{ mac: 'a' }] });
    hub.seconds(60);
    state(1, 3, { ts: hub.clock.now(), clients: [] });
    state(1, 2, { ts: hub.clock.now() - 30_000, clients: [{ mac: 'a' }, { mac: 'b' }] });
    state(1, 2, { ts: hub.clock.now() - 3_600_000, clients: [{ mac: 'c' }] });
    expect((await healthOf(hub.devices[0]?.num ?? 0)).clientCount).toBe(0);
    const clients = hub.samples.map(({ at, values }) => ({ ago: hub.clock.now() - at, clients: values[0] }));
    expect(clients).toEqual([
      { ago: 60_000, clients: 1 },
      { ago: 0, clients: 0 },
      { ago: 30_000, clients: 2 },
    ]);
  });

  test('reports of an older session, or repeated ones, change nothing', async () => {
    birth(5);
    state(5, 10, { firmware: 'new' });
    state(5, 9, { firmware: 'old' });
    state(4, 99, { firmware: 'older' });
    expect((await healthOf(1)).firmware).toBe('new');
    will(5);
    state(5, 10);
    state(4, 100);
    expect(ap()).toBe('suspect');
  });

  test('a live birth with a lower session is a reset, and the old unit can no longer speak for it', async () => {
    birth(17);
    state(17, 400);
    birth(1);
    state(1, 1, { firmware: 'of the new unit' });
    will(17);
    state(17, 401, { firmware: 'of the old unit' });
    expect(ap()).toBe('online');
    expect(await healthOf(1)).toMatchObject({ session: 1, firmware: 'of the new unit' });
    await hub.health.flush();
    expect(await hub.db.selectFrom('session_resets').selectAll().execute()).toMatchObject([
      { num: 1, old_session: 17, new_session: 1 },
    ]);
  });

  test('trouble of its own is degraded until it is over', () => {
    hub.send('camera', 'cam-1', 'state', statePayload('cam-1', 1, 1, { tamper: true }));
    expect(hub.statusOf('cam-1')).toBe('degraded');
    hub.send('camera', 'cam-1', 'state', statePayload('cam-1', 1, 2, { tamper: false }));
    expect(hub.statusOf('cam-1')).toBe('online');
  });

  test('a device that comes and goes is flapping, once, until it is steady', async () => {
    birth();
    for (let turn = 0; turn < 8; turn++) {
      will();
      hub.seconds(15);
      birth();
      hub.seconds(15);
    }
    expect(ap()).toBe('flapping');
    const changes = (await healthOf(1)).changes.map((change) => change.status);
    expect(changes.filter((status) => status === 'flapping')).toHaveLength(1);
    expect(changes[0]).toBe('flapping');
    for (let seq = 1; seq <= 30 && ap() === 'flapping'; seq++) {
      state(1, seq);
      hub.seconds(30);
    }
    expect(ap()).toBe('online');
  });

  test('a flapping device that dies for good is offline in the end', () => {
    birth();
    for (let turn = 0; turn < 8; turn++) {
      will();
      hub.seconds(15);
      birth();
      hub.seconds(15);
    }
    will();
    hub.seconds(60);
    expect(ap()).toBe('flapping');
    hub.seconds(600);
    expect(ap()).toBe('offline');
  });

  test('maintenance is shown instead of everything else, and what happened beneath is kept', async () => {
    birth();
    hub.health.maintenance((num) => num === 1);
    expect(ap()).toBe('maintenance');
    will();
    hub.seconds(15);
    expect(ap()).toBe('maintenance');
    hub.health.maintenance(() => false);
    expect(ap()).toBe('offline');
    await hub.health.flush();
    const rows = await hub.db
      .selectFrom('status_changes')
      .select(['status', 'base'])
      .where('num', '=', 1)
      .execute();
    expect(rows).toEqual([
      { status: 'online', base: 'online' },
      { status: 'maintenance', base: 'online' },
      { status: 'maintenance', base: 'suspect' },
      { status: 'maintenance', base: 'offline' },
      { status: 'offline', base: 'offline' },
    ]);
    expect((await healthOf(1)).changes.map((change) => change.status)).toEqual([
      'offline',
      'maintenance',
      'online',
    ]);
  });

  test('a parent that dies leaves the state of its children alone', () => {
    hub.send('switch', 'sw-1', 'status', statusPayload('sw-1', 1));
    birth();
    hub.seconds(1);
    hub.send('switch', 'sw-1', 'status', statusPayload('sw-1', 1, false));
    hub.seconds(12);
    expect(hub.statusOf('sw-1')).toBe('offline');
    expect(ap()).toBe('online');
  });
});

describe('retained messages', () => {
  test('a retained Will updates the state, a retained birth is no sign of life', () => {
    hub.send('ap', 'ap-1', 'status', statusPayload('ap-1', 3, true), true);
    expect(ap()).toBe('online');
    hub.seconds(80);
    expect(ap()).toBe('offline');
    hub.send('ap', 'ap-1', 'status', statusPayload('ap-1', 3, true), true);
    hub.send('ap', 'ap-1', 'status', statusPayload('ap-1', 2, true), true);
    expect(ap()).toBe('offline');
    hub.send('ap', 'ap-1', 'status', statusPayload('ap-1', 4, true), true);
    expect(ap()).toBe('online');
    will(4, true);
    expect(ap()).toBe('suspect');
  });

  test('an empty retained message deletes nothing that we know', () => {
    birth();
    hub.send('ap', 'ap-1', 'status', '', true);
    expect(ap()).toBe('online');
  });
});

describe('being blind', () => {
  const lost = () => hub.health.sink.link({ ...linkUp, downSince: hub.clock.now(), error: 'gone' });

  test('while the broker is away nobody is declared offline, and the console is told since when', async () => {
    birth();
    will();
    hub.seconds(3);
    const since = hub.clock.now();
    lost();
    hub.seconds(600);
    expect(ap()).toBe('suspect');
    expect(hub.health.monitoring().broker).toMatchObject({ downSince: since, error: 'gone' });
    expect((await healthOf(1)).unknownSince).toBe(since);
    hub.health.sink.link(linkUp);
    hub.seconds(29);
    expect(ap()).toBe('suspect');
    expect((await healthOf(1)).unknownSince).toBeNull();
    hub.seconds(2);
    expect(ap()).toBe('offline');
  });

  test('a device that comes back after the outage was never away', () => {
    birth();
    lost();
    hub.seconds(300);
    hub.health.sink.link(linkUp);
    hub.seconds(25);
    state(1, 9);
    hub.seconds(50);
    expect(hub.told.map((change) => change.status)).not.toContain('offline');
    expect(ap()).toBe('online');
  });

  test('a hub that stood still tells so and declares nobody offline', () => {
    birth();
    hub.seconds(40);
    hub.clock.advance(600_000);
    hub.health.tick();
    hub.seconds(2);
    expect(ap()).toBe('online');
    expect(hub.health.monitoring().ingestStalledSince).not.toBeNull();
  });

  test('while nothing can be stored time stands still too', () => {
    birth();
    hub.health.sink.storing(hub.clock.now());
    hub.seconds(300);
    expect(ap()).toBe('online');
    expect(hub.health.monitoring().ingestStalledSince).not.toBeNull();
    hub.health.sink.storing(null);
    expect(hub.health.monitoring().ingestStalledSince).toBeNull();
  });

  test('a jump of the clock is told', () => {
    hub.clock.jump(3_600_000);
    hub.seconds(1);
    expect(hub.health.monitoring().clockJumpedAt).toBe(hub.clock.now());
  });
});

describe('broken messages', () => {
  test('are counted with their reason, count as contact, and are forgiven by the next good one', async () => {
    birth();
    hub.send('ap', 'ap-1', 'state', '{"v":1,');
    expect(ap()).toBe('bad-data');
    expect((await healthOf(1)).malformed).toMatchObject({ count: 1, lastReason: 'not-json' });
    hub.seconds(60);
    hub.send('ap', 'ap-1', 'state', 'nonsense');
    hub.seconds(60);
    expect(ap()).toBe('bad-data');
    state(1, 1);
    expect(ap()).toBe('online');
    await hub.health.flush();
    expect(await hub.db.selectFrom('quarantine').selectAll().execute()).toMatchObject([
      { num: 1, count: 2, last_reason: 'not-json', sample: 'nonsense' },
    ]);
  });

  test('a message in the name of another device is broken, and not the other one', async () => {
    hub.send('ap', 'ap-1', 'state', statePayload('sw-1', 1, 1));
    expect(ap()).toBe('bad-data');
    expect(hub.statusOf('sw-1')).toBe('never-seen');
    expect((await healthOf(1)).malformed.lastReason).toBe('wrong-id');
  });

  test('a wrong shard and a wrong kind are quarantined, a stranger is only counted', async () => {
    const payload = Buffer.from(JSON.stringify(statePayload('ap-1', 1, 1)));
    const topic = { city: 'moscow', shard: '00', kind: 'ap', deviceId: 'ap-1', channel: 'state' } as const;
    hub.health.sink.take({ topic, payload, retained: false, rxAt: hub.clock.now() });
    expect((await healthOf(1)).malformed.lastReason).toBe('wrong-shard');
    hub.send('switch', 'ap-1', 'state', statePayload('ap-1', 1, 1));
    expect((await healthOf(1)).malformed.lastReason).toBe('wrong-kind');
    hub.send('ap', 'nobody', 'state', statePayload('nobody', 1, 1));
    expect(hub.health.totals().strangers).toBe(1);
  });

  test('whatever arrives, the room lives and a device that never spoke validly is never online', () => {
    const channel = fc.constantFrom('status', 'state', 'event', 'ack', 'command');
    const junk = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.json().map((text) => Buffer.from(text)),
      fc
        .record({ v: fc.anything(), id: fc.constant('cam-1'), session: fc.anything() })
        .map((value) => Buffer.from(JSON.stringify(value) ?? '')),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(channel, junk, fc.boolean())), (messages) => {
        for (const [name, payload, retained] of messages)
          hub.send('camera', 'cam-1', name, Buffer.from(payload).toString('latin1'), retained);
        expect(['never-seen', 'bad-data', 'offline', 'suspect']).toContain(hub.statusOf('cam-1'));
      }),
    );
  });
});

describe('what the hub sees of a camera', () => {
  test('a seen stream is online and a lost one offline, though the camera never spoke', () => {
    hub.health.streamSeen('cam-1', { ok: true, reason: 'stream-ok' });
    expect(hub.statusOf('cam-1')).toBe('online');
    hub.seconds(600);
    expect(hub.statusOf('cam-1')).toBe('online');
    hub.health.streamSeen('cam-1', { ok: false, reason: 'stream-lost' });
    expect(hub.statusOf('cam-1')).toBe('offline');
  });

  test('a camera that reports while its stream is lost is degraded', async () => {
    hub.send('camera', 'cam-1', 'state', statePayload('cam-1', 1, 1));
    hub.health.streamSeen('cam-1', { ok: false, reason: 'stream-lost' });
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
    state(1, 1, { uptimeS: 10, radios: radios(0, 0), clients, ts: hub.clock.now() + 40_000 });
    state(1, 2, { uptimeS: 40, radios: radios(1000, 400), clients, ts: hub.clock.now() + 40_000 });
    const device = deviceRecord(1, 'ap', 'ap-1');
    expect(hub.health.accessPointSummary(device)).toMatchObject({
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
    await hub.health.flush();
    hub.seconds(1);
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
    hub.seconds(2);
    expect(hub.health.monitoring().counts.ap?.online).toBe(1);
    expect(hub.health.monitoringOf(visible).counts).toMatchObject({
      ap: { online: 0, 'never-seen': 0 },
      camera: { 'never-seen': 1 },
    });
  });

  test('events are kept once, however often they are delivered', async () => {
    const event = { ...statePayload('ap-1', 1, 7), type: 'fan', severity: 'warning', data: { rpm: 0 } };
    hub.send('ap', 'ap-1', 'event', event);
    hub.send('ap', 'ap-1', 'event', event);
    const device = deviceRecord(1, 'ap', 'ap-1');
    expect(await hub.health.events(device)).toMatchObject([
      { type: 'fan', severity: 'warning', data: { rpm: 0 } },
    ]);
  });
});

describe('a restart', () => {
  async function restart(killed = false): Promise<void> {
    if (killed) await hub.kill();
    else await hub.stop();
    hub = await handTurned(folder.path);
  }

  test('keeps the last status as "unknown since" until the device is heard or fails to come', async () => {
    birth();
    state(1, 5);
    hub.send('switch', 'sw-1', 'status', statusPayload('sw-1', 1));
    const stoppedAt = hub.clock.now();
    await restart();
    expect(await healthOf(1)).toMatchObject({ status: 'online', unknownSince: stoppedAt, session: 1 });
    state(1, 5);
    expect((await healthOf(1)).unknownSince).toBe(stoppedAt);
    state(1, 6);
    expect((await healthOf(1)).unknownSince).toBeNull();
    hub.seconds(76);
    expect(hub.statusOf('sw-1')).toBe('offline');
    expect((await healthOf(3)).unknownSince).toBeNull();
  });

  test('what is late from a session that a reset ended stays late', async () => {
    birth(9);
    birth(3);
    await restart();
    hub.send('ap', 'ap-1', 'state', statePayload('ap-1', 9, 50));
    expect((await healthOf(1)).session).toBe(3);
  });

  test('what was offline is still offline, since then', async () => {
    birth();
    will();
    hub.seconds(35);
    const since = (await healthOf(1)).since;
    await restart();
    expect(await healthOf(1)).toMatchObject({ status: 'offline', since, reason: 'will' });
    hub.seconds(100);
    expect(ap()).toBe('offline');
  });

  test('of a killed hub takes in what had been acknowledged', async () => {
    const message = {
      topic: { city: 'moscow', shard: '', kind: 'ap', deviceId: 'ap-1', channel: 'status' } as const,
      payload: Buffer.from(JSON.stringify(statusPayload('ap-1', 4))),
      retained: false,
      rxAt: hub.clock.now(),
    };
    const { shardOf } = await import('../mqtt/topics.ts');
    const stored = { ...message, topic: { ...message.topic, shard: shardOf('ap-1') } };
    await hub.health.sink.store([stored]);
    await restart(true);
    expect(ap()).toBe('online');
    await hub.health.flush();
    expect(await hub.db.selectFrom('message_journal').selectAll().execute()).toEqual([]);
  });

  test('a camera whose stream was seen keeps its status as a memory', async () => {
    hub.health.streamSeen('cam-1', { ok: true, reason: 'stream-ok' });
    await restart();
    expect(await healthOf(2)).toMatchObject({ status: 'online', unknownSince: expect.any(Number) });
    hub.health.streamSeen('cam-1', { ok: true, reason: 'stream-ok' });
    expect((await healthOf(2)).unknownSince).toBeNull();
  });
});

test('a device registered later is heard, a removed one no longer counts', () => {
  hub.devices.push(deviceRecord(5000, 'ap', 'ap-late'));
  hub.bus.emit('devices.changed', { deviceIds: ['ap-late'] });
  hub.send('ap', 'ap-late', 'status', statusPayload('ap-late', 1));
  expect(hub.statusOf('ap-late')).toBe('online');
  expect(hub.health.monitoring().counts.ap?.online).toBe(1);
  hub.devices.splice(
    hub.devices.findIndex((device) => device.id === 'ap-late'),
    1,
  );
  hub.bus.emit('devices.changed', { deviceIds: ['ap-late'] });
  hub.seconds(2);
  expect(hub.health.monitoring().counts.ap?.online).toBe(0);
});

test('what could not be stored is kept and stored later', async () => {
  birth();
  await hub.db.schema.alterTable('status_changes').renameTo('status_changes_gone').execute();
  await expect(hub.health.flush()).rejects.toThrow(/status_changes/);
  expect((await hub.db.selectFrom('health_states').selectAll().execute()).length).toBe(0);
  await hub.db.schema.alterTable('status_changes_gone').renameTo('status_changes').execute();
  await hub.health.flush();
  expect(await hub.db.selectFrom('status_changes').select(['num', 'status']).execute()).toEqual([
    { num: 1, status: 'online' },
  ]);
  expect(await hub.db.selectFrom('health_states').select(['num', 'status']).execute()).toEqual([
    { num: 1, status: 'online' },
  ]);
});

test('when the hub was blind is kept: its link, its own stop', async () => {
  const spans = () => hub.db.selectFrom('blind_spans').select(['from_ms', 'until_ms', 'reason']).execute();
  const down = hub.clock.now();
  hub.health.sink.link({ ...linkUp, downSince: down });
  hub.seconds(7);
  hub.health.sink.link(linkUp);
  await hub.health.flush();
  await expect.poll(spans).toEqual([{ from_ms: down, until_ms: down + 7_000, reason: 'broker' }]);
});

test('a reading beyond its threshold degrades the device and says which; people change thresholds', async () => {
  const hot = (seq: number, temperatureC: number) =>
    hub.send('camera', 'cam-1', 'state', statePayload('cam-1', 1, seq, { temperatureC }));
  const camera = hub.devices.find((device) => device.id === 'cam-1')?.num ?? 0;
  hot(1, 85);
  expect(hub.statusOf('cam-1')).toBe('online');
  hot(2, 84);
  expect(hub.statusOf('cam-1')).toBe('degraded');
  expect((await healthOf(camera)).exceeded).toEqual([
    { metric: 'temperature', value: 84, side: 'above', clear: 75 },
  ]);
  hot(3, 76);
  expect(hub.statusOf('cam-1')).toBe('degraded');
  hot(4, 75);
  expect(hub.statusOf('cam-1')).toBe('online');

  const rule = { kind: 'camera', metric: 'temperature', side: 'above', reports: 1, enabled: true } as const;
  await hub.health.setThresholds([{ ...rule, raise: 60, clear: 50 }], async () => undefined);
  hot(5, 61);
  expect(hub.statusOf('cam-1')).toBe('degraded');
  await expect(
    hub.health.setThresholds([{ ...rule, raise: 99, clear: 90 }], () =>
      Promise.reject(new Error('not on record')),
    ),
  ).rejects.toThrow('not on record');
  expect(hub.health.thresholds()).toMatchObject([{ raise: 60 }]);
});
