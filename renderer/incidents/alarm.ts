import type { Incident } from '../../main/contract/incidents.ts';

/** At most one sound and one notification in this time: a bad minute must not become a concert, ms. */
export const QUIET_MS = 10_000;

export interface Alarm {
  /** The worst first. */
  incidents: Incident[];
}

/**
 * What of a list is worth an alarm: incidents that were not there before, last, are not muted and are not only
 * information. What is there when the console opens is no news; what comes back after its cause was gone is, unless
 * somebody has taken it.
 */
export function createAlarms(now: () => number) {
  let known: Set<string> | undefined;
  let waiting: Incident[] = [];
  let lastAt = Number.NEGATIVE_INFINITY;

  return {
    /** The list as it is now; answers what to tell, or nothing. What comes within the quiet time is told together after it. */
    take(incidents: readonly Incident[]): Alarm | undefined {
      const before = known;
      known = new Set(
        incidents.filter(({ clearedAt, taken }) => clearedAt === null || taken !== null).map(({ id }) => id),
      );
      if (before === undefined) return undefined;
      const here = new Map(incidents.map((incident) => [incident.id, incident]));
      const news = incidents.filter(({ id }) => !before.has(id));
      waiting = [...waiting, ...news].flatMap(({ id }) => here.get(id) ?? []);
      waiting = waiting.filter(
        ({ severity, clearedAt, mutedUntil }) =>
          severity !== 'info' && clearedAt === null && (mutedUntil ?? 0) <= now(),
      );
      if (waiting.length === 0 || now() - lastAt < QUIET_MS) return undefined;
      lastAt = now();
      const told = waiting.sort(
        (a, b) => Number(b.severity === 'critical') - Number(a.severity === 'critical'),
      );
      waiting = [];
      return { incidents: told };
    },
    /** How long until what waits may be told, ms; null when nothing does. */
    dueIn: (): number | null => (waiting.length === 0 ? null : Math.max(0, lastAt + QUIET_MS - now())),
  };
}

export type Alarms = ReturnType<typeof createAlarms>;
