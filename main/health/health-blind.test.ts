import { describe, expect, test } from 'vitest';
import { linkUp, statePayload, statusPayload } from '../../tests/support/health-harness.ts';
import { turnedHealth } from '../../tests/support/turned-health.ts';
import { troubleOf } from '../contract/trouble.ts';

const turned = turnedHealth();
const { birth, will, state, healthOf, ap, restart } = turned;

describe('being blind', () => {
  const lost = () =>
    turned.hub.health.sink.link({
      ...linkUp,
      downSince: turned.hub.clock.now(),
      error: troubleOf('broker-nobody', 'gone'),
    });

  test('while the broker is away nobody is declared offline, and the console is told since when', async () => {
    birth();
    will();
    turned.hub.seconds(3);
    const since = turned.hub.clock.now();
    lost();
    turned.hub.seconds(600);
    expect(ap()).toBe('suspect');
    expect(turned.hub.health.monitoring().broker).toMatchObject({
      downSince: since,
      error: troubleOf('broker-nobody', 'gone'),
    });
    expect((await healthOf(1)).unknownSince).toBe(since);
    turned.hub.health.sink.link(linkUp);
    turned.hub.seconds(29);
    expect(ap()).toBe('suspect');
    expect((await healthOf(1)).unknownSince).toBeNull();
    turned.hub.seconds(2);
    expect(ap()).toBe('offline');
  });

  test('a device that comes back after the outage was never away', () => {
    birth();
    lost();
    turned.hub.seconds(300);
    turned.hub.health.sink.link(linkUp);
    turned.hub.seconds(25);
    state(1, 9);
    turned.hub.seconds(50);
    expect(turned.hub.told.map((change) => change.status)).not.toContain('offline');
    expect(ap()).toBe('online');
  });

  test('a device whose birth the broker kept has the half minute of all, however short its heartbeat', () => {
    const born = (session: number, retained: boolean) =>
      turned.hub.send('ap', 'ap-1', 'status', { ...statusPayload('ap-1', session), heartbeatS: 2 }, retained);
    born(1, false);
    lost();
    turned.hub.seconds(20);
    turned.hub.health.sink.link(linkUp);
    born(2, true);
    turned.hub.seconds(27);
    expect(ap()).toBe('online');
    turned.hub.seconds(4);
    expect(ap()).toBe('offline');
  });

  test('a hub that stood still tells so and declares nobody offline', () => {
    birth();
    turned.hub.seconds(40);
    turned.hub.clock.advance(600_000);
    turned.hub.health.tick();
    turned.hub.seconds(2);
    expect(ap()).toBe('online');
    expect(turned.hub.health.monitoring().ingestStalledSince).not.toBeNull();
  });

  test('while nothing can be stored time stands still too', () => {
    birth();
    turned.hub.health.sink.storing(turned.hub.clock.now());
    turned.hub.seconds(300);
    expect(ap()).toBe('online');
    expect(turned.hub.health.monitoring().ingestStalledSince).not.toBeNull();
    turned.hub.health.sink.storing(null);
    expect(turned.hub.health.monitoring().ingestStalledSince).toBeNull();
  });

  test('while only the history cannot be stored, silence counts as ever, and it is told', () => {
    birth();
    const failingSince = turned.hub.clock.now();
    Object.assign(turned.hub.historyState, { failingSince, problem: 'disk is full', lostBatches: 4 });
    turned.hub.seconds(300);
    expect(ap()).toBe('offline');
    expect(turned.hub.health.monitoring()).toMatchObject({
      ingestStalledSince: null,
      history: { failingSince, error: 'disk is full', lostBatches: 4 },
    });
  });

  test('a jump of the clock is told', () => {
    turned.hub.clock.jump(3_600_000);
    turned.hub.seconds(1);
    expect(turned.hub.health.monitoring().clockJumpedAt).toBe(turned.hub.clock.now());
  });
});

test('when the hub was blind is kept: its link, its own stop', async () => {
  const spans = () =>
    turned.hub.db.selectFrom('blind_spans').select(['from_ms', 'until_ms', 'reason']).execute();
  const down = turned.hub.clock.now();
  turned.hub.health.sink.link({ ...linkUp, downSince: down });
  turned.hub.seconds(7);
  turned.hub.health.sink.link(linkUp);
  await turned.hub.health.flush();
  await expect.poll(spans).toEqual([{ from_ms: down, until_ms: down + 7_000, reason: 'broker' }]);
});

describe('a restart', () => {
  test('keeps the last status as "unknown since" until the device is heard or fails to come', async () => {
    birth();
    state(1, 5);
    turned.hub.send('switch', 'sw-1', 'status', statusPayload('sw-1', 1));
    const stoppedAt = turned.hub.clock.now();
    await restart();
    expect(await healthOf(1)).toMatchObject({ status: 'online', unknownSince: stoppedAt, session: 1 });
    state(1, 5);
    expect((await healthOf(1)).unknownSince).toBe(stoppedAt);
    state(1, 6);
    expect((await healthOf(1)).unknownSince).toBeNull();
    turned.hub.seconds(76);
    expect(turned.hub.statusOf('sw-1')).toBe('offline');
    expect((await healthOf(3)).unknownSince).toBeNull();
  });

  test('what is late from a session that a reset ended stays late', async () => {
    birth(9);
    birth(3);
    await restart();
    turned.hub.send('ap', 'ap-1', 'state', statePayload('ap-1', 9, 50));
    expect((await healthOf(1)).session).toBe(3);
  });

  test('what was offline is still offline, since then', async () => {
    birth();
    will();
    turned.hub.seconds(35);
    const since = (await healthOf(1)).since;
    await restart();
    expect(await healthOf(1)).toMatchObject({ status: 'offline', since, reason: 'will' });
    turned.hub.seconds(100);
    expect(ap()).toBe('offline');
  });

  test('shows a dead device as dead when the work that hid it ended meanwhile', async () => {
    birth();
    turned.hub.health.maintenance((num) => num === 1);
    will();
    turned.hub.seconds(15);
    expect(ap()).toBe('maintenance');
    await restart();
    turned.hub.health.maintenance((num) => num === 1);
    turned.hub.seconds(1);
    expect(turned.hub.health.conditionOf(1)).toMatchObject({ status: 'maintenance', base: 'offline' });
    await restart();
    turned.hub.seconds(1);
    expect(await healthOf(1)).toMatchObject({ status: 'offline', reason: 'will' });
  });

  test('shows a dead device as dead that came and went before it died', async () => {
    for (let times = 0; times < 8; times++) {
      birth();
      turned.hub.seconds(1);
      will();
      turned.hub.seconds(11);
    }
    expect(ap()).toBe('flapping');
    await restart();
    turned.hub.seconds(1);
    expect(await healthOf(1)).toMatchObject({ status: 'offline', reason: 'will' });
  });

  test('of a killed hub takes in what had been acknowledged', async () => {
    const message = {
      topic: { city: 'moscow', shard: '', kind: 'ap', deviceId: 'ap-1', channel: 'status' } as const,
      payload: Buffer.from(JSON.stringify(statusPayload('ap-1', 4))),
      retained: false,
      rxAt: turned.hub.clock.now(),
    };
    const { shardOf } = await import('../mqtt/topics.ts');
    const stored = { ...message, topic: { ...message.topic, shard: shardOf('ap-1') } };
    await turned.hub.health.sink.store([stored]);
    await restart(true);
    expect(ap()).toBe('online');
    await turned.hub.health.flush();
    expect(await turned.hub.db.selectFrom('message_journal').selectAll().execute()).toEqual([]);
  });

  test('a camera whose stream was seen keeps its status as a memory', async () => {
    turned.hub.health.streamSeen('cam-1', { ok: true, reason: 'stream-ok' });
    await restart();
    expect(await healthOf(2)).toMatchObject({ status: 'online', unknownSince: expect.any(Number) });
    turned.hub.health.streamSeen('cam-1', { ok: true, reason: 'stream-ok' });
    expect((await healthOf(2)).unknownSince).toBeNull();
  });
});

test('what could not be stored is kept and stored later', async () => {
  birth();
  await turned.hub.db.schema.alterTable('status_changes').renameTo('status_changes_gone').execute();
  await expect(turned.hub.health.flush()).rejects.toThrow(/status_changes/);
  expect((await turned.hub.db.selectFrom('health_states').selectAll().execute()).length).toBe(0);
  await turned.hub.db.schema.alterTable('status_changes_gone').renameTo('status_changes').execute();
  await turned.hub.health.flush();
  expect(await turned.hub.db.selectFrom('status_changes').select(['num', 'status']).execute()).toEqual([
    { num: 1, status: 'online' },
  ]);
  expect(await turned.hub.db.selectFrom('health_states').select(['num', 'status']).execute()).toEqual([
    { num: 1, status: 'online' },
  ]);
});
