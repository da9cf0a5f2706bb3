export interface RadioCounters {
  band: string;
  activeMs: number | null;
  busyMs: number | null;
}

/**
 * Share of the time between two reports in which the channel was busy, 0 to 1. Null where it cannot be told: no
 * earlier report, another band in this place, or counters that fell, which is a reset.
 */
export function utilisationOf(
  before: RadioCounters | undefined,
  now: RadioCounters | undefined,
): number | null {
  if (!before || !now || before.band !== now.band) return null;
  if (before.activeMs === null || before.busyMs === null || now.activeMs === null || now.busyMs === null)
    return null;
  const active = now.activeMs - before.activeMs;
  const busy = now.busyMs - before.busyMs;
  if (active <= 0 || busy < 0) return null;
  return Math.min(1, busy / active);
}
