import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Bitset } from './bitset.ts';
import { createEventBus } from './event-bus.ts';
import { newId } from './ids.ts';
import { Lifecycle } from './lifecycle.ts';
import { createLogger, withoutSecrets } from './logging.ts';

describe('Bitset', () => {
  it('holds what a set holds', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), fc.nat(3000))), (steps) => {
        const bits = new Bitset(10);
        const model = new Set<number>();
        for (const [add, n] of steps) {
          if (add) {
            bits.add(n);
            model.add(n);
          } else {
            bits.delete(n);
            model.delete(n);
          }
        }
        expect(bits.size).toBe(model.size);
        for (let n = 0; n < 3100; n++) expect(bits.has(n)).toBe(model.has(n));
      }),
    );
  });
});

describe('newId', () => {
  it('sorts by time and is a version 7 UUID', () => {
    const ids = [1, 2 ** 33, 1_700_000_000_000, 1_700_000_000_001].map(newId);
    expect([...ids].sort()).toEqual(ids);
    for (const id of ids)
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});

describe('event bus', () => {
  it('reaches every listener though one throws, and none after it left', () => {
    const errors: unknown[] = [];
    const heard: number[] = [];
    const bus = createEventBus<{ tick: number }>((_name, error) => errors.push(error));
    bus.on('tick', () => {
      throw new Error('broken listener');
    });
    const leave = bus.on('tick', (n) => heard.push(n));
    bus.emit('tick', 1);
    leave();
    bus.emit('tick', 2);
    expect(heard).toEqual([1]);
    expect(errors).toHaveLength(2);
  });
});

describe('Lifecycle', () => {
  it('stops in reverse order, all of it, and names what failed', async () => {
    const order: string[] = [];
    const lifecycle = new Lifecycle();
    for (const name of ['a', 'b', 'c']) {
      lifecycle.onStop(name, () => {
        order.push(name);
        if (name === 'b') throw new Error('stuck');
      });
    }
    await expect(lifecycle.stop()).rejects.toThrow('b: stuck');
    expect(order).toEqual(['c', 'b', 'a']);
  });
});

describe('logs', () => {
  it('hold no secret, neither in fields nor in addresses', () => {
    let written = '';
    const log = createLogger('info', {
      write: (line: string) => (written += line),
    } as unknown as NodeJS.WritableStream);
    log.info(
      { password: 'p1', source: { password: 'p2' }, headers: { cookie: 'p3' } },
      withoutSecrets('pull rtsp://admin:p4@10.0.0.1/1'),
    );
    expect(written).toContain('rtsp://10.0.0.1/1');
    expect(written).not.toMatch(/p[1-4]\b/);
  });

  it('loses user information of any address, odd passwords included', () => {
    expect(withoutSecrets("'rtsp://a:b:c/d@e@host/x' and http://u@h/")).not.toMatch(/a:b|u@/);
    expect(withoutSecrets('rtsp://admin:pa#ss w@host/x')).toContain('host/x');
    expect(withoutSecrets('mqtt://127.0.0.1:1883 time 12:30')).toBe('mqtt://127.0.0.1:1883 time 12:30');
  });
});
