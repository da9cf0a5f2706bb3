import type { BitReader, BitWriter } from './bits.ts';
import { riceParameter } from './bits.ts';

/**
 * How much of each new value a forecast takes in: all of it, where values wander, down to a mean of the last many, where
 * they are noise around something steady. The choice stands in two bits.
 */
const PACES = [1, 1 / 2, 1 / 4, 1 / 16] as const;
const PACE_BITS = 2;
const PARAMETER_BITS = 5;
const MOST_PARAMETER = 2 ** PARAMETER_BITS - 1;
/** Suits lengths of numbers of up to some thousands. */
const LENGTH_PARAMETER = 2;

const zigzag = (value: number): number => (value >= 0 ? value * 2 : value * -2 - 1);
const unzigzag = (value: number): number => (value % 2 === 0 ? value / 2 : -(value + 1) / 2);

/** A single whole number, the shorter the nearer to `reference`. */
export function writeNear(bits: BitWriter, value: number, reference: number): void {
  const code = zigzag(value - reference);
  const length = code === 0 ? 0 : Math.floor(Math.log2(code)) + 1;
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
 * What comes next: a mean of what came, quick at first. Sums and products of doubles are the same on every machine, so
 * that who reads forecasts what who wrote did.
 */
function createForecast(first: number, pace: number) {
  let level = first;
  let seen = 1;
  return {
    next: () => Math.round(level),
    learn(value: number): void {
      seen += 1;
      level += (value - level) * Math.max(pace, 1 / seen);
    },
  };
}

/** What a forecast at this pace leaves to be said of all values but the first. */
function missed(values: readonly number[], pace: number): { codes: number[]; sum: number } {
  const codes: number[] = [];
  const forecast = createForecast(values[0] ?? 0, pace);
  let sum = 0;
  for (let i = 1; i < values.length; i++) {
    const value = values[i] ?? 0;
    const code = zigzag(value - forecast.next());
    forecast.learn(value);
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
  const forecast = createForecast(first, PACES[bits.plain(PACE_BITS)] ?? 1);
  const parameter = bits.plain(PARAMETER_BITS);
  for (let i = 1; i < length; i++) {
    const value = forecast.next() + unzigzag(bits.rice(parameter));
    forecast.learn(value);
    values.push(value);
  }
  return values;
}
