import { type Grey, HEIGHT, WIDTH } from './grey.ts';

const BLOCK = 10;
const BLOCKS = (WIDTH / BLOCK) * (HEIGHT / BLOCK);

/** What two pictures of one camera have in common, block by block. */
export interface Sameness {
  /** Mean difference over the blocks that are not the most restless twentieth: a clock drawn into the picture ticks on. */
  difference: number;
  /** Share of blocks without a single pixel changed, 0 to 1. */
  untouched: number;
}

export function compare(a: Grey, b: Grey): Sameness {
  const differences = new Float32Array(BLOCKS);
  let untouched = 0;
  let block = 0;
  for (let top = 0; top < HEIGHT; top += BLOCK)
    for (let left = 0; left < WIDTH; left += BLOCK, block++) {
      let sum = 0;
      for (let y = 0; y < BLOCK; y++)
        for (let x = 0, at = (top + y) * WIDTH + left; x < BLOCK; x++, at++)
          sum += Math.abs((a[at] ?? 0) - (b[at] ?? 0));
      differences[block] = sum / (BLOCK * BLOCK);
      if (sum === 0) untouched += 1;
    }
  const calm = differences.sort().subarray(0, Math.floor(BLOCKS * 0.95));
  return { difference: calm.reduce((sum, one) => sum + one, 0) / calm.length, untouched: untouched / BLOCKS };
}
