import type { Columns } from './columns.ts';

/**
 * Rule of liveness 2: how far a device's reports were taken into account. NaN where nothing was yet.
 * `retired` is the session that a reset ended: what still comes from it is late, although its number is higher.
 */
export interface Watermark {
  session: number;
  seq: number;
  retired: number;
}

export const watermarkOf = (columns: Columns, num: number): Watermark => ({
  session: columns.session[num] ?? Number.NaN,
  seq: columns.seq[num] ?? Number.NaN,
  retired: columns.retired[num] ?? Number.NaN,
});

export type ReportVerdict = 'next' | 'new-session' | 'stale';
export type BirthVerdict = 'same' | 'new-session' | 'reset' | 'stale';
export type WillVerdict = 'same' | 'new-session' | 'stale';

export function judgeReport(mark: Watermark, session: number, seq: number): ReportVerdict {
  if (session === mark.retired) return 'stale';
  if (Number.isNaN(mark.session) || session > mark.session) return 'new-session';
  return session === mark.session && !(seq <= mark.seq) ? 'next' : 'stale';
}

/** A live birth with a lower session is a device that was reset or replaced; a retained one is merely old. */
export function judgeBirth(mark: Watermark, session: number, retained: boolean): BirthVerdict {
  if (session === mark.retired) return 'stale';
  if (session === mark.session) return 'same';
  if (Number.isNaN(mark.session) || session > mark.session) return 'new-session';
  return retained ? 'stale' : 'reset';
}

/** A Will of an older session says nothing about the live one. */
export function judgeWill(mark: Watermark, session: number): WillVerdict {
  if (session === mark.retired) return 'stale';
  if (Number.isNaN(mark.session) || session > mark.session) return 'new-session';
  return session === mark.session ? 'same' : 'stale';
}
