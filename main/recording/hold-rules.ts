import { AppError } from '../base/errors.ts';
import type { HoldState } from '../contract/holds.ts';
import { REQUEST_HOURS } from '../contract/holds.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
/** Footage to come can be booked this far ahead. */
const AHEAD_DAYS = 7;

export interface HoldLimits {
  defaultDays: number;
  maxDays: number;
  /** Held bytes, as a share of the room that footage has. */
  maxShare: number;
  /** Camera-hours that one person may hold at a time. */
  hoursPerPerson: number;
}

export interface Stretch {
  cameraId: string;
  from: number;
  to: number;
}

/**
 * The stretch asked for makes sense.
 * @throws AppError `bad-range`, `hold-too-far`
 */
export function assertStretch(from: number, to: number, now: number): void {
  if (to <= from) throw new AppError('bad-range', 400, 'The end of the range is before its beginning.');
  if (to > now + AHEAD_DAYS * DAY_MS)
    throw new AppError(
      'hold-too-far',
      400,
      `Footage to come can be kept at most ${AHEAD_DAYS} days ahead. Choose an earlier end.`,
      { days: AHEAD_DAYS },
    );
}

/** Until when a hold would last. @throws AppError `hold-until` */
export function holdUntil(
  asked: number | undefined,
  to: number,
  now: number,
  { defaultDays, maxDays }: Pick<HoldLimits, 'defaultDays' | 'maxDays'>,
): number {
  const latest = now + maxDays * DAY_MS;
  const until = asked ?? Math.min(latest, Math.max(now, to) + defaultDays * DAY_MS);
  // A minute for the way from the dialog to here.
  if (until <= Math.max(now, to) || until > latest + 60_000)
    throw new AppError(
      'hold-until',
      400,
      `Footage can be kept for at most ${maxDays} days from now, and until after its own end. Choose another date.`,
      { days: maxDays },
    );
  return until;
}

/** A request is kept for a day; what is confirmed, or needs no confirmation, until its time. */
export const keptUntil = (state: HoldState, until: number, at: number): number =>
  state === 'requested' ? Math.min(until, at + REQUEST_HOURS * HOUR_MS) : until;

/** The stretches of each camera, overlapping ones as one: nothing is counted twice. */
export function merged(stretches: readonly Stretch[]): Stretch[] {
  const sorted = [...stretches].sort((a, b) =>
    a.cameraId === b.cameraId ? a.from - b.from : a.cameraId < b.cameraId ? -1 : 1,
  );
  const result: Stretch[] = [];
  for (const stretch of sorted) {
    const last = result.at(-1);
    if (last && last.cameraId === stretch.cameraId && stretch.from <= last.to)
      last.to = Math.max(last.to, stretch.to);
    else result.push({ ...stretch });
  }
  return result;
}

export const totalMs = (stretches: readonly Stretch[]): number =>
  stretches.reduce((sum, { from, to }) => sum + to - from, 0);

/** @throws AppError `hold-quota`, `hold-quota-person`, each with what is left */
export function assertQuota(
  limits: { hubBytes: number; personMs: number },
  before: { hubBytes: number; personMs: number },
  after: { hubBytes: number; personMs: number },
): void {
  if (after.personMs > limits.personMs) {
    const left = short(Math.max(0, limits.personMs - before.personMs) / HOUR_MS);
    const limit = short(limits.personMs / HOUR_MS);
    throw new AppError(
      'hold-quota-person',
      409,
      `You can keep ${left} more camera-hours of ${limit}. Shorten the stretch or end another hold.`,
      { left, limit },
    );
  }
  if (after.hubBytes > limits.hubBytes) {
    const left = short(Math.max(0, limits.hubBytes - before.hubBytes) / 1e9);
    const limit = short(limits.hubBytes / 1e9);
    const asked = short((after.hubBytes - before.hubBytes) / 1e9);
    throw new AppError(
      'hold-quota',
      409,
      `This would keep ${asked} GB, and ${left} GB of ${limit} GB are left for kept footage. Shorten the stretch or end another hold.`,
      { asked, left, limit },
    );
  }
}

/** Three digits: enough to see what is missing, of terabytes as of an hour. */
const short = (value: number): number => Number(value.toPrecision(3));
