import { isReady, type Learned, nearest, readyOnes, sharpnessOf } from './learned.ts';
import type { Measures } from './measures.ts';
import type { Outline } from './outline.ts';

/** What one picture looks like, held against what is usual for its camera. `unclear` accuses nobody and teaches nothing. */
export type Look = 'fine' | 'unclear' | 'black' | 'blurred' | 'moved';

/** At most so bright on the mean, and hardly a lamp in it. */
const BLACK_MEAN = 24;
const BLACK_BRIGHT = 44;
/** Less contrast than this is no view at all: a hand, a bag, paint, a failed sensor. */
const FLAT = 3;
/** Less than this, and neither edges nor sharpness mean anything. */
const DIM = 5;
/** e-folds of sharpness lost; natural light moves it by less than one. */
const BLUR = 1.3;
/** Share of the usual likeness under which it is another view. */
const OTHER_VIEW = 0.6;
/** A camera whose own pictures are no more alike than this is never still: it is not judged by its view. */
const RESTLESS = 0.5;
/** Brightness this far from all that was learned is light never seen here: the first night, the first snow. */
const OTHER_LIGHT = 45;

/** @param hours class of hours that the picture was taken in */
export function look(measures: Measures, outline: Outline, learned: Learned, hours: number): Look {
  const { mean, spread, bright } = measures;
  if (mean < BLACK_MEAN && bright < BLACK_BRIGHT && spread < DIM) return 'black';
  const normals = readyOnes(learned);
  const found = nearest(normals, outline);
  if (!found) return spread < FLAT ? 'unclear' : 'fine';
  if (spread < FLAT) return 'moved';
  if (spread < DIM) return 'unclear';
  const lost = found.normal.sharpness - sharpnessOf(measures);
  // Blur takes edges away too, so it is asked first; noise, which night brings, hides blur rather than looks like it.
  if (lost > BLUR) return 'blurred';
  if (found.normal.likeness < RESTLESS) return 'fine';
  if (found.likeness >= OTHER_VIEW * found.normal.likeness) return 'fine';
  const light = Math.min(...normals.map((normal) => Math.abs(normal.mean - mean)));
  return light > OTHER_LIGHT && !isReady(learned[hours]) ? 'unclear' : 'moved';
}
