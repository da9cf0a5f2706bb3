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

test('what lies ready is a share of what is lent: a rare moment does not stay in memory', () => {
  const pool = createBytePool();
  const kept = Array.from({ length: 400 }, () => pool.take(40_000));
  const moment = Array.from({ length: 400 }, (_, at) => pool.take(20_000 + 50 * at));
  for (const buffer of moment) pool.give(buffer);
  const lent = kept.reduce((sum, { buffer }) => sum + buffer.byteLength, 0);
  expect(pool.free()).toBeGreaterThan(lent / 8);
  expect(pool.free()).toBeLessThanOrEqual(lent / 4);
  // Of each size something is left, not of one alone.
  const sizes = new Set(moment.map(({ buffer }) => buffer.byteLength));
  for (const size of sizes) {
    const before = pool.free();
    kept.push(pool.take(size));
    expect(pool.free()).toBe(before - size);
  }
});
