import type { DiskBrief } from '../../main/contract/recording.ts';

/** Which sentence says what to do about a disk; null when nothing is to be done. */
export function diskAdvice({ state, reason }: Pick<DiskBrief, 'state' | 'reason'>) {
  if (state === 'in-use') return null;
  if (state === 'filling') return 'no-room-filling';
  return reason ?? 'io-error';
}

/** Room left, in the unit in which people think of it. */
export function roomWords(hours: number | null): { unit: 'hours' | 'days' | 'unknown'; amount: number } {
  if (hours === null) return { unit: 'unknown', amount: 0 };
  return hours < 48 ? { unit: 'hours', amount: hours } : { unit: 'days', amount: hours / 24 };
}
