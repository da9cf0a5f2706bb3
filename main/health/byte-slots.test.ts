import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createByteSlots } from './byte-slots.ts';

const put = fc
  .record({
    num: fc.nat(3_000),
    length: fc.oneof(fc.nat(300), fc.integer({ min: 65_000, max: 66_000 })),
    fill: fc.nat(255),
  })
  .map(({ num, length, fill }) => ({ num, bytes: new Uint8Array(length).fill(fill) }));
const drop = fc.record({ num: fc.nat(3_000) });

test('whatever is put, written over and dropped, each number holds its own bytes', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof({ weight: 4, arbitrary: put }, drop), { maxLength: 60 }), (steps) => {
      const slots = createByteSlots();
      const model = new Map<number, Uint8Array>();
      for (const step of steps) {
        const num = step.num % 40 === 0 ? step.num : step.num % 40;
        if ('bytes' in step) {
          slots.put(num, step.bytes);
          model.set(num, step.bytes);
        } else {
          slots.drop(num);
          model.delete(num);
        }
      }
      expect(slots.nums()).toEqual([...model.keys()].sort((a, b) => a - b));
      for (const [num, bytes] of model) expect(Buffer.from(slots.get(num) ?? []).equals(bytes)).toBe(true);
      expect(slots.get(4_000)).toBeUndefined();
    }),
  );
});
