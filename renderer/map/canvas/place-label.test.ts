import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Box, placeLabel } from './place-label.ts';

describe('place of a name', () => {
  it('is its own where nothing is in the way', () => {
    expect(placeLabel(100, 100, 60, 16, [[200, 200, 220, 220]])).toMatchObject({ x: 100, y: 100 });
  });

  it('gives way to a ring, as little as it can', () => {
    const ring: Box = [85, 90, 115, 120];
    expect(placeLabel(100, 100, 60, 16, [ring])).toMatchObject({ x: 100, y: 68 });
    expect(placeLabel(100, 94, 60, 16, [ring])).toMatchObject({ x: 100, y: 78 });
  });

  it('is none where all is taken', () => {
    expect(placeLabel(100, 100, 60, 16, [[0, 0, 300, 300]])).toBeNull();
  });

  it('never touches what is taken', () => {
    const boxes = fc.array(
      fc
        .tuple(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 0, max: 200 }))
        .map(([x, y]): Box => [x, y, x + 20, y + 20]),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(boxes, (taken) => {
        const found = placeLabel(100, 100, 50, 14, taken);
        for (const [left, top, right, bottom] of found ? taken : [])
          expect(
            found &&
              (found.box[0] >= right ||
                found.box[2] <= left ||
                found.box[1] >= bottom ||
                found.box[3] <= top),
          ).toBe(true);
      }),
    );
  });
});
