import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type DialectHub, dialectHub } from '../../../tests/support/dialect-hub.ts';
import { sample } from '../../../tests/support/dialect-samples.ts';
import { statePayload } from '../../../tests/support/health-harness.ts';

let city: DialectHub;
beforeEach(async () => {
  city = await dialectHub();
});
afterEach(() => city.stop());

test('a device that spoke another dialect alone is known for it, until it speaks ours too', () => {
  const only = () => city.hub.health.latest({ num: 1 }).onlyForeign;
  expect(only()).toBe(false);
  city.hub.tell('homie/ap-1/$state', 'ready');
  expect(only()).toBe(true);
  city.hub.send('ap', 'ap-1', 'state', statePayload('ap-1', 1, 1));
  city.hub.tell('homie/ap-1/$state', 'ready');
  expect(only()).toBe(false);
});

describe('whose message it is', () => {
  test.each([
    ['the id', 'homie/ap-1/$state', 'ap-1'],
    ['the id in small letters', 'homie/cam-two/$state', 'Cam-Two'],
    ['the serial number', 'homie/accc8e012345/$state', 'cam-1'],
    ['a MAC for a serial number, with colons', 'homie/ac:cc:8e:01:23:45/$state', 'cam-1'],
    ['the MAC with colons', 'homie/00:40:8c:12:34:56/$state', 'cam-1'],
    ['the MAC without', 'homie/e43022f331aa/$state', 'Cam-Two'],
  ])('%s', (_what, topic, id) => {
    city.hub.tell(topic, 'ready');
    expect(city.hub.statusOf(id)).toBe('online');
    expect(city.hub.health.totals().strangers).toBe(0);
  });

  test('a name that nobody has, or that two have, is a stranger', () => {
    city.hub.tell('homie/nobody/$state', 'ready');
    city.hub.tell('homie/same/$state', 'ready');
    expect(city.hub.health.totals().strangers).toBe(2);
    expect(city.hub.statusOf('ap-twin-1')).toBe('never-seen');
  });

  test('a changed serial number counts from then on', async () => {
    city.identities = city.identities.map((one) =>
      one.id === 'ap-twin-1' ? { ...one, serial: 'other' } : one,
    );
    city.hub.bus.emit('devices.changed', { deviceIds: ['ap-twin-1'] });
    await expect.poll(() => city.hub.health.foreign.parse('homie/other/$state')?.deviceId).toBe('ap-twin-1');
    expect(city.hub.health.foreign.parse('homie/same/$state')?.deviceId).toBe('ap-twin-2');
    city.identities = city.identities.filter(({ id }) => id !== 'ap-twin-2');
    city.hub.bus.emit('devices.changed', { deviceIds: null });
    await expect.poll(() => city.hub.health.foreign.parse('homie/same/$state')?.deviceId).toBeUndefined();
    expect(city.hub.health.foreign.parse('homie/other/$state')?.deviceId).toBe('ap-twin-1');
  });

  test('a payload that names another device is quarantined', async () => {
    city.hub.tell('axis/ACCC8E012345/event/a/b', sample('axis-other-serial'));
    expect(city.hub.statusOf('cam-1')).toBe('bad-data');
    expect((await city.health('cam-1')).malformed).toMatchObject({ lastReason: 'wrong-id' });
    city.hub.tell('axis/ACCC8E012345/event/connection', sample('axis-connected'));
    expect(city.hub.statusOf('cam-1')).toBe('online');
  });

  test('a dialect that is not in use has no topics', async () => {
    await city.hub.stop();
    await city.start('bare');
    expect(city.hub.health.foreign.parse('homie/ap-1/$state')).toBeUndefined();
    expect(city.hub.health.foreign.filters).toEqual({});
  });
});
