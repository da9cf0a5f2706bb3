import { describe, expect, test } from 'vitest';
import { deviceRecord, statePayload, statusPayload } from '../../tests/support/health-harness.ts';
import { turnedHealth } from '../../tests/support/turned-health.ts';

const turned = turnedHealth();
const { birth, will, state, healthOf, ap } = turned;

describe('the life of a device', () => {
  test('never seen, born, Will, grace, offline, back', () => {
    expect(ap()).toBe('never-seen');
    birth();
    expect(ap()).toBe('online');
    turned.hub.seconds(5);
    will();
    expect(ap()).toBe('suspect');
    turned.hub.seconds(9);
    expect(ap()).toBe('suspect');
    turned.hub.seconds(2);
    expect(ap()).toBe('offline');
    state(1, 1);
    expect(ap()).toBe('online');
  });

  test('a device that stays silent is offline after two and a half of its own heartbeats', () => {
    turned.hub.send('ap', 'ap-1', 'status', statusPayload('ap-1', 1, true, 4));
    turned.hub.seconds(31);
    turned.hub.send('ap', 'ap-1', 'state', statePayload('ap-1', 1, 1));
    turned.hub.seconds(8);
    expect(ap()).toBe('online');
    turned.hub.seconds(3);
    expect(ap()).toBe('offline');
  });

  test('a Will of an older session does not touch the live one', () => {
    birth(17);
    birth(18);
    will(17);
    turned.hub.seconds(12);
    expect(ap()).toBe('online');
  });

  test('a report that comes late fills the history and leaves the live state alone', async () => {
    birth();
    state(1, 1, { ts: turned.hub.clock.now(), clients: [{ mac: 'a' }] });
    turned.hub.seconds(60);
    state(1, 3, { ts: turned.hub.clock.now(), clients: [] });
    state(1, 2, { ts: turned.hub.clock.now() - 30_000, clients: [{ mac: 'a' }, { mac: 'b' }] });
    state(1, 2, { ts: turned.hub.clock.now() - 3_600_000, clients: [{ mac: 'c' }] });
    expect((await healthOf(turned.hub.devices[0]?.num ?? 0)).clientCount).toBe(0);
    const clients = turned.hub.samples.map(({ at, values }) => ({
      ago: turned.hub.clock.now() - at,
      clients: values[0],
    }));
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
    await turned.hub.health.flush();
    expect(await turned.hub.db.selectFrom('session_resets').selectAll().execute()).toMatchObject([
      { num: 1, old_session: 17, new_session: 1 },
    ]);
  });

  test('trouble of its own is degraded until it is over', () => {
    turned.hub.send('camera', 'cam-1', 'state', statePayload('cam-1', 1, 1, { tamper: true }));
    expect(turned.hub.statusOf('cam-1')).toBe('degraded');
    turned.hub.send('camera', 'cam-1', 'state', statePayload('cam-1', 1, 2, { tamper: false }));
    expect(turned.hub.statusOf('cam-1')).toBe('online');
  });

  test('a device that comes and goes is flapping, once, until it is steady', async () => {
    birth();
    for (let turn = 0; turn < 8; turn++) {
      will();
      turned.hub.seconds(15);
      birth();
      turned.hub.seconds(15);
    }
    expect(ap()).toBe('flapping');
    const changes = (await healthOf(1)).changes.map((change) => change.status);
    expect(changes.filter((status) => status === 'flapping')).toHaveLength(1);
    expect(changes[0]).toBe('flapping');
    for (let seq = 1; seq <= 30 && ap() === 'flapping'; seq++) {
      state(1, seq);
      turned.hub.seconds(30);
    }
    expect(ap()).toBe('online');
  });

  test('a flapping device that dies for good is offline in the end', () => {
    birth();
    for (let turn = 0; turn < 8; turn++) {
      will();
      turned.hub.seconds(15);
      birth();
      turned.hub.seconds(15);
    }
    will();
    turned.hub.seconds(60);
    expect(ap()).toBe('flapping');
    turned.hub.seconds(600);
    expect(ap()).toBe('offline');
  });

  test('maintenance is shown instead of everything else, and what happened beneath is kept', async () => {
    birth();
    turned.hub.health.maintenance((num) => num === 1);
    expect(ap()).toBe('maintenance');
    will();
    turned.hub.seconds(15);
    expect(ap()).toBe('maintenance');
    turned.hub.health.maintenance(() => false);
    expect(ap()).toBe('offline');
    await turned.hub.health.flush();
    const rows = await turned.hub.db
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
    turned.hub.send('switch', 'sw-1', 'status', statusPayload('sw-1', 1));
    birth();
    turned.hub.seconds(1);
    turned.hub.send('switch', 'sw-1', 'status', statusPayload('sw-1', 1, false));
    turned.hub.seconds(12);
    expect(turned.hub.statusOf('sw-1')).toBe('offline');
    expect(ap()).toBe('online');
  });
});

test('a device registered later is heard, a removed one no longer counts', () => {
  turned.hub.devices.push(deviceRecord(5000, 'ap', 'ap-late'));
  turned.hub.bus.emit('devices.changed', { deviceIds: ['ap-late'] });
  turned.hub.send('ap', 'ap-late', 'status', statusPayload('ap-late', 1));
  expect(turned.hub.statusOf('ap-late')).toBe('online');
  expect(turned.hub.health.monitoring().counts.ap?.online).toBe(1);
  turned.hub.devices.splice(
    turned.hub.devices.findIndex((device) => device.id === 'ap-late'),
    1,
  );
  turned.hub.bus.emit('devices.changed', { deviceIds: ['ap-late'] });
  turned.hub.seconds(2);
  expect(turned.hub.health.monitoring().counts.ap?.online).toBe(0);
});

test('a reading beyond its threshold degrades the device and says which; people change thresholds', async () => {
  const hot = (seq: number, temperatureC: number) =>
    turned.hub.send('camera', 'cam-1', 'state', statePayload('cam-1', 1, seq, { temperatureC }));
  const camera = turned.hub.devices.find((device) => device.id === 'cam-1')?.num ?? 0;
  hot(1, 85);
  expect(turned.hub.statusOf('cam-1')).toBe('online');
  hot(2, 84);
  expect(turned.hub.statusOf('cam-1')).toBe('degraded');
  expect((await healthOf(camera)).exceeded).toEqual([
    { metric: 'temperature', value: 84, side: 'above', clear: 75 },
  ]);
  hot(3, 76);
  expect(turned.hub.statusOf('cam-1')).toBe('degraded');
  hot(4, 75);
  expect(turned.hub.statusOf('cam-1')).toBe('online');

  const rule = { kind: 'camera', metric: 'temperature', side: 'above', reports: 1, enabled: true } as const;
  await turned.hub.health.setThresholds([{ ...rule, raise: 60, clear: 50 }], async () => undefined);
  hot(5, 61);
  expect(turned.hub.statusOf('cam-1')).toBe('degraded');
  await expect(
    turned.hub.health.setThresholds([{ ...rule, raise: 99, clear: 90 }], () =>
      Promise.reject(new Error('not on record')),
    ),
  ).rejects.toThrow('not on record');
  expect(turned.hub.health.thresholds()).toMatchObject([{ raise: 60 }]);
});
