import type { Incident } from '../../main/contract/incidents.ts';

/** Nobody has it yet, it goes on, and nobody muted it: what the rail's badge counts, and the list can be cut down to. */
export const isUntaken = (
  {
    taken,
    clearedAt,
    mutedUntil,
    severity,
  }: Pick<Incident, 'taken' | 'clearedAt' | 'mutedUntil' | 'severity'>,
  now: number,
): boolean => taken === null && clearedAt === null && severity !== 'info' && (mutedUntil ?? 0) <= now;
