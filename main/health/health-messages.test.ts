import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { statePayload, statusPayload } from '../../tests/support/health-harness.ts';
import { turnedHealth } from '../../tests/support/turned-health.ts';

const turned = turnedHealth();
const { birth, will, state, healthOf, ap } = turned;

describe('retained messages', () => {
  test('a retained Will updates the state, a retained birth is no sign of life', () => {
    turned.hub.send('ap', 'ap-1', 'status', statusPayload('ap-1', 3, true), true);
    expect(ap()).toBe('online');
    turned.hub.seconds(80);
    expect(ap()).toBe('offline');
    turned.hub.send('ap', 'ap-1', 'status', statusPayload('ap-1', 3, true), true);
    turned.hub.send('ap', 'ap-1', 'status', statusPayload('ap-1', 2, true), true);
    expect(ap()).toBe('offline');
    turned.hub.send('ap', 'ap-1', 'status', statusPayload('ap-1', 4, true), true);
    expect(ap()).toBe('online');
    will(4, true);
    expect(ap()).toBe('suspect');
  });

  test('an empty retained message deletes nothing that we know', () => {
    birth();
    turned.hub.send('ap', 'ap-1', 'status', '', true);
    expect(ap()).toBe('online');
  });
});

describe('broken messages', () => {
  test('are counted with their reason, count as contact, and are forgiven by the next good one', async () => {
    birth();
    turned.hub.send('ap', 'ap-1', 'state', '{"v":1,');
    expect(ap()).toBe('bad-data');
    expect((await healthOf(1)).malformed).toMatchObject({ count: 1, lastReason: 'not-json' });
    turned.hub.seconds(60);
    turned.hub.send('ap', 'ap-1', 'state', 'nonsense');
    turned.hub.seconds(60);
    expect(ap()).toBe('bad-data');
    state(1, 1);
    expect(ap()).toBe('online');
    await turned.hub.health.flush();
    expect(await turned.hub.db.selectFrom('quarantine').selectAll().execute()).toMatchObject([
      { num: 1, count: 2, last_reason: 'not-json' },
    ]);
  });

  test('a message in the name of another device is broken, and not the other one', async () => {
    turned.hub.send('ap', 'ap-1', 'state', statePayload('sw-1', 1, 1));
    expect(ap()).toBe('bad-data');
    expect(turned.hub.statusOf('sw-1')).toBe('never-seen');
    expect((await healthOf(1)).malformed.lastReason).toBe('wrong-id');
  });

  test('a wrong shard and a wrong kind are quarantined, a stranger is only counted', async () => {
    const payload = Buffer.from(JSON.stringify(statePayload('ap-1', 1, 1)));
    const topic = { city: 'moscow', shard: '00', kind: 'ap', deviceId: 'ap-1', channel: 'state' } as const;
    turned.hub.health.sink.take({ topic, payload, retained: false, rxAt: turned.hub.clock.now() });
    expect((await healthOf(1)).malformed.lastReason).toBe('wrong-shard');
    turned.hub.send('switch', 'ap-1', 'state', statePayload('ap-1', 1, 1));
    expect((await healthOf(1)).malformed.lastReason).toBe('wrong-kind');
    turned.hub.send('ap', 'nobody', 'state', statePayload('nobody', 1, 1));
    expect(turned.hub.health.totals().strangers).toBe(1);
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
          turned.hub.send('camera', 'cam-1', name, Buffer.from(payload).toString('latin1'), retained);
        expect(['never-seen', 'bad-data', 'offline', 'suspect']).toContain(turned.hub.statusOf('cam-1'));
      }),
    );
  });
});
