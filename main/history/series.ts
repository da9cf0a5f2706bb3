import type { BitReader, BitWriter } from './bits.ts';
import { riceParameter } from './bits.ts';

/**
 * How much of each new value a forecast takes in: all of it, where values wander, down to a mean of the last many, where
 * they are noise around something steady. The choice stands in two bits.
 */
const PACES = [1, 1 / 2, 1 / 4, 1 / 16] as const;
const SLOWEST = 16;
const PACE_BITS = 2;
const PARAMETER_BITS = 5;
const MOST_PARAMETER = 2 ** PARAMETER_BITS - 1;
/** Suits lengths of numbers of up to some thousands. */
const LENGTH_PARAMETER = 2;

const zigzag = (value: number): number => (value >= 0 ? value * 2 : value * -2 - 1);
const unzigzag = (value: number): number => (value % 2 === 0 ? value / 2 : -(value + 1) / 2);

/** Binary digits of a whole number from 0 to 2^53. */
function digitsOf(code: number): number {
  if (code === 0) return 0;
  const length = Math.floor(Math.log2(code)) + 1;
  // From 2^49 on, the logarithm of one less than a power of two is rounded up to that of the power.
  return 2 ** (length - 1) > code ? length - 1 : length;
}

/** A single whole number, the shorter the nearer to `reference`. */
export function writeNear(bits: BitWriter, value: number, reference: number): void {
  const code = zigzag(value - reference);
  const length = digitsOf(code);
  bits.rice(length, LENGTH_PARAMETER);
  // The first of its digits is a one.
  if (length > 1) bits.plain(code - 2 ** (length - 1), length - 1);
}

/** @throws CorruptHistory */
export function readNear(bits: BitReader, reference: number): number {
  const length = bits.rice(LENGTH_PARAMETER);
  if (length === 0) return reference;
  return reference + unzigzag(2 ** (length - 1) + (length > 1 ? bits.plain(length - 1) : 0));
}

/**
 * How much of the value at this place a forecast of this pace takes in: it begins as the mean of what came. Sums and
 * products of doubles are the same on every machine, so that who reads forecasts what who wrote did.
 */
const rate = (pace: number, place: number): number =>
  place < SLOWEST ? Math.max(pace, 1 / (place + 1)) : pace;

/** What a forecast at this pace leaves to be said of all values but the first. */
function missed(values: readonly number[], pace: number): { codes: number[]; sum: number } {
  const codes: number[] = [];
  let level = values[0] ?? 0;
  let sum = 0;
  for (let place = 1; place < values.length; place++) {
    const value = values[place] ?? 0;
    const code = zigzag(value - Math.round(level));
    level += (value - level) * rate(pace, place);
    codes.push(code);
    sum += code;
  }
  return { codes, sum };
}

/**
 * Whole numbers one after the other, below 2^50: the first near to `reference`, the others as what the best of the
 * forecasts missed, in Rice's code. Of numbers that are all the same only the first costs.
 */
export function writeSeries(bits: BitWriter, values: readonly number[], reference = 0): void {
  if (values.length === 0) return;
  const first = values[0] ?? 0;
  writeNear(bits, first, reference);
  if (values.length === 1) return;
  const steady = values.every((value) => value === first);
  bits.plain(steady ? 1 : 0, 1);
  if (steady) return;
  let best = { pace: 0, ...missed(values, PACES[0]) };
  for (let pace = 1; pace < PACES.length; pace++) {
    const other = missed(values, PACES[pace] ?? 1);
    if (other.sum < best.sum) best = { pace, ...other };
  }
  const parameter = Math.min(MOST_PARAMETER, riceParameter(best.sum / best.codes.length));
  bits.plain(best.pace, PACE_BITS);
  bits.plain(parameter, PARAMETER_BITS);
  for (const code of best.codes) bits.rice(code, parameter);
}

/** @throws CorruptHistory */
export function readSeries(bits: BitReader, length: number, reference = 0): number[] {
  if (length === 0) return [];
  const first = readNear(bits, reference);
  const values = [first];
  if (length === 1) return values;
  if (bits.plain(1) === 1) {
    for (let i = 1; i < length; i++) values.push(first);
    return values;
  }
  const pace = PACES[bits.plain(PACE_BITS)] ?? 1;
  const parameter = bits.plain(PARAMETER_BITS);
  let level = first;
  for (let place = 1; place < length; place++) {
    const value = Math.round(level) + unzigzag(bits.rice(parameter));
    level += (value - level) * rate(pace, place);
    values.push(value);
  }
  return values;
}
