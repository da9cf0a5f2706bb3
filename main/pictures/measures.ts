import { type Grey, HEIGHT, PIXELS, WIDTH } from './grey.ts';

/** What one picture says of itself, without knowing its camera. */
export interface Measures {
  /** Mean brightness, 0 to 255. */
  mean: number;
  /** Standard deviation of the brightness. */
  spread: number;
  /** Brightness that one pixel in a hundred exceeds: lamps of a night street stand out here. */
  bright: number;
  /** Variance of the Laplacian: how much fine detail there is. */
  detail: number;
}

/** Pure and quick: some 0.3 ms a picture. */
export function measure(grey: Grey): Measures {
  const histogram = new Uint32Array(256);
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < PIXELS; i++) {
    const value = grey[i] ?? 0;
    histogram[value] = (histogram[value] ?? 0) + 1;
    sum += value;
    squares += value * value;
  }
  const mean = sum / PIXELS;
  return {
    mean,
    spread: Math.sqrt(Math.max(0, squares / PIXELS - mean * mean)),
    bright: exceededBy(histogram, PIXELS / 100),
    detail: laplacianVariance(grey),
  };
}

function exceededBy(histogram: Uint32Array, count: number): number {
  let above = 0;
  for (let value = 255; value > 0; value--) {
    above += histogram[value] ?? 0;
    if (above > count) return value;
  }
  return 0;
}

function laplacianVariance(grey: Grey): number {
  let sum = 0;
  let squares = 0;
  for (let y = 1; y < HEIGHT - 1; y++)
    for (let x = 1, at = y * WIDTH + 1; x < WIDTH - 1; x++, at++) {
      const value =
        4 * (grey[at] ?? 0) -
        (grey[at - 1] ?? 0) -
        (grey[at + 1] ?? 0) -
        (grey[at - WIDTH] ?? 0) -
        (grey[at + WIDTH] ?? 0);
      sum += value;
      squares += value * value;
    }
  const count = (WIDTH - 2) * (HEIGHT - 2);
  return squares / count - (sum / count) ** 2;
}
