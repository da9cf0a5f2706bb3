import { expect, test } from 'vitest';
import { CELLS } from './grey.ts';
import { HOUR_CLASSES, type Learned } from './learned.ts';
import { packNormals, unpackNormals } from './store.ts';

test('what was learned comes back as it was, as far as it matters', () => {
  const learned: Learned = [];
  learned[2] = {
    pictures: 17,
    outline: Float32Array.from({ length: CELLS }, (_, cell) => (cell % 40) / 10),
    mean: 101.5,
    sharpness: -0.75,
    likeness: 0.9,
  };
  const back = unpackNormals(packNormals(learned));
  expect(back).toHaveLength(HOUR_CLASSES);
  expect(back.map((normal) => normal?.pictures)).toEqual([undefined, undefined, 17, undefined]);
  expect(back[2]?.mean).toBeCloseTo(101.5, 3);
  expect(back[2]?.sharpness).toBeCloseTo(-0.75, 5);
  for (const cell of [0, 13, 39, CELLS - 1])
    expect(back[2]?.outline[cell]).toBeCloseTo(learned[2].outline[cell] ?? 0, 1);
});

test('bytes of another size are learned anew', () => {
  expect(unpackNormals(Buffer.alloc(100, 1))).toEqual([]);
});
