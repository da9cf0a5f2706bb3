import { CELLS } from './grey.ts';
import type { Measures } from './measures.ts';
import { likeness, type Outline, steadied } from './outline.ts';

/** How a camera usually looks in one quarter of the day. */
export interface Normal {
  pictures: number;
  /** Slow mean of the outlines: who walks through leaves no trace in it. */
  outline: Outline;
  /** Slow mean of the brightness. */
  mean: number;
  /** Slow mean of the logarithm of `sharpness`. */
  sharpness: number;
  /** Slow mean of how alike a picture is to the outline. */
  likeness: number;
}

/** One a class of hours; undefined where nothing was learned yet. */
export type Learned = (Normal | undefined)[];

export const HOUR_CLASSES = 4;
/** So many pictures make a normal that others are judged by. */
export const LEARNED_AFTER = 8;
/** A picture counts at least this much, so that seasons are followed: a fiftieth. */
const SLOWEST = 1 / 50;

/** Quarters of the UTC day: in Moscow they begin at 3, 9, 15 and 21 o'clock. */
export const hourClass = (utcMs: number): number => Math.floor((utcMs / 3_600_000 / 6) % HOUR_CLASSES);

/** Fine detail for the contrast there is: light and fog take both away alike, blur only the first. */
export const sharpnessOf = ({ detail, spread }: Measures): number =>
  Math.log((detail + 0.01) / (spread * spread + 1));

export const isReady = (normal: Normal | undefined): normal is Normal =>
  normal !== undefined && normal.pictures >= LEARNED_AFTER;

export const readyOnes = (learned: Learned): Normal[] => learned.filter(isReady);

/** 0 to 1: how far learning has come in the class of hours that is furthest. Classes never seen are holes in the list. */
export const learnedShare = (learned: Learned): number =>
  Math.min(1, Math.max(0, ...[...learned].map((normal) => normal?.pictures ?? 0)) / LEARNED_AFTER);

/** Takes a picture in which all is well into what is usual, in place. */
export function learn(learned: Learned, hours: number, measures: Measures, outline: Outline): void {
  const known = learned[hours];
  if (!known) {
    learned[hours] = {
      pictures: 1,
      outline: Float32Array.from(outline),
      mean: measures.mean,
      sharpness: sharpnessOf(measures),
      likeness: 1,
    };
    return;
  }
  const alike = likeness(outline, known.outline);
  known.pictures += 1;
  const weight = Math.max(1 / known.pictures, SLOWEST);
  for (let i = 0; i < CELLS; i++) {
    const was = known.outline[i] ?? 0;
    known.outline[i] = was + weight * ((outline[i] ?? 0) - was);
  }
  known.mean += weight * (measures.mean - known.mean);
  known.sharpness += weight * (sharpnessOf(measures) - known.sharpness);
  known.likeness += weight * (alike - known.likeness);
}

/** The normal that a picture is most alike, and how alike it is. */
export function nearest(
  normals: readonly Normal[],
  outline: Outline,
): { normal: Normal; likeness: number } | undefined {
  let best: { normal: Normal; likeness: number } | undefined;
  for (const normal of normals) {
    const alike = steadied(outline, normal.outline).likeness;
    if (!best || alike > best.likeness) best = { normal, likeness: alike };
  }
  return best;
}
