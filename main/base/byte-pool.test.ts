import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createBytePool } from './byte-pool.ts';

test('what is given back is used again, and never while somebody has it', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ bytes: fc.integer({ min: 0, max: 300_000 }), keep: fc.boolean() }), {
        maxLength: 80,
      }),
      (orders) => {
        const pool = createBytePool();
        const held = new Map<ArrayBufferLike, Buffer>();
        for (const { bytes, keep } of orders) {
          const buffer = pool.take(bytes);
          expect(buffer.length).toBe(bytes);
          expect(buffer.buffer.byteLength).toBeLessThanOrEqual(Math.max(4_096, bytes * 1.25));
          expect(held.has(buffer.buffer)).toBe(false);
          if (keep) held.set(buffer.buffer, buffer);
          else pool.give(buffer);
        }
      },
    ),
  );
});

test('giving twice, giving something foreign and giving too much change nothing', () => {
  const pool = createBytePool(10_000);
  const one = pool.take(4_000);
  pool.give(one);
  pool.give(one);
  pool.give(Buffer.alloc(4_096));
  expect(pool.free()).toBe(4_096);
  expect(pool.take(4_000).buffer).toBe(one.buffer);
  expect(pool.take(4_000).buffer).not.toBe(one.buffer);
  const large = pool.take(20_000);
  pool.give(large);
  expect(pool.free()).toBe(0);
  const looked = pool.take(4_000);
  pool.forget(looked);
  pool.give(looked);
  expect(pool.free()).toBe(0);
});

test('a rare moment does not stay in memory, a tide does', () => {
  const pool = createBytePool();
  const many = (count: number, bytes: number) => Array.from({ length: count }, () => pool.take(bytes));
  const giveAll = (buffers: readonly Buffer[]) => {
    for (const buffer of buffers) pool.give(buffer);
  };
  const usual = many(200, 40_960);
  const lent = 200 * 40_960;
  giveAll([...many(200, 20_480), ...many(200, 81_920)]);
  const afterwards = pool.free();
  expect(afterwards).toBeGreaterThan(lent);
  // Half of all comes and goes: what is away for the moment is kept for it.
  for (let tide = 0; tide < 4_000; tide++) {
    giveAll(usual.splice(100));
    usual.push(...many(100, 40_960));
  }
  expect(pool.free()).toBeLessThanOrEqual(lent / 3);
  giveAll(usual.splice(100));
  expect(pool.free()).toBeGreaterThanOrEqual(lent / 2);
});
