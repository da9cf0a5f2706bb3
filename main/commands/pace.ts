import type { Clock } from '../base/clock.ts';
import type { LatestReport } from '../health/types.ts';
import type { Change, TimedLife } from './life.ts';
import type { DeviceCommand } from './types.ts';
import type { WallTimes } from './wall-times.ts';

/**
 * When things happened to a command, by the steady clock, ms: what the wall clock says of it is put on record and shown,
 * and decides nothing, as long as the hub runs.
 */
export interface Pace {
  sent: number;
  accepted: number | null;
  /** An answer or an effect is overdue then; infinite where none is waited for. */
  due: number;
  /** Since when this hub looks after it: a start reckoned from an uptime counts from then on. */
  heldSince: number;
  /** Its reports were looked at since it was sent or taken over. */
  looked: boolean;
  /** What the device, or the one at the port, said last, by stamp (UTC ms) and in steady time. */
  seen: { stamp: number | null; at: number | null };
  reported: { stamp: number; at: number };
}

const unheard = () => ({
  looked: false,
  seen: { stamp: null, at: null },
  reported: { stamp: Number.NaN, at: Number.NaN },
});

export interface Pacer {
  /** The command took a step just now. */
  step(pace: Pace | undefined, change: Change): Pace | undefined;
  /**
   * Of a command from the store, where only the wall clock tells what passed: nothing may be later than now, what came
   * after something else stays after it, and it waits no longer than `mostMs`.
   */
  adopted(command: DeviceCommand, report: LatestReport | undefined, mostMs: number): Pace | undefined;
  /** @returns whether there is anything new since the last look */
  look(pace: Pace, report: LatestReport): boolean;
  /** The same in steady time. */
  inSteadyTime(command: DeviceCommand, pace: Pace, report: LatestReport): [TimedLife, LatestReport];
}

export function createPacer({ clock, wall }: { clock: Clock; wall: WallTimes }): Pacer {
  return {
    step(pace, change) {
      const now = clock.monotonic();
      const { sentAt, acceptedAt, waitsUntil } = change;
      const next: Pace | undefined =
        typeof sentAt === 'number'
          ? { ...unheard(), ...{ sent: now, accepted: null, due: Number.POSITIVE_INFINITY, heldSince: now } }
          : pace;
      if (!next || sentAt === null) return undefined;
      if (typeof acceptedAt === 'number') next.accepted ??= now;
      if (waitsUntil !== undefined)
        next.due = waitsUntil === null ? Number.POSITIVE_INFINITY : now + waitsUntil - clock.now();
      return next;
    },
    adopted({ sentAt, acceptedAt, doneAt, waitsUntil }, report, mostMs) {
      if (sentAt === null) return undefined;
      const { lastSeenAt = null, details: { reportedAt = Number.NaN } = {} } = report ?? {};
      const now = clock.monotonic();
      const stamps = [sentAt, acceptedAt, doneAt, lastSeenAt].filter((stamp) => stamp !== null);
      const newest = Math.max(clock.now(), ...stamps, Number.isNaN(reportedAt) ? sentAt : reportedAt);
      const at = (stamp: number) => now - (newest - stamp);
      return {
        sent: at(sentAt),
        accepted: acceptedAt === null ? null : at(acceptedAt),
        due:
          waitsUntil === null ? Number.POSITIVE_INFINITY : now + Math.min(waitsUntil - clock.now(), mostMs),
        heldSince: now,
        looked: false,
        seen: { stamp: lastSeenAt, at: lastSeenAt === null ? null : at(lastSeenAt) },
        reported: { stamp: reportedAt, at: at(reportedAt) },
      };
    },
    look(pace, report) {
      const { lastSeenAt } = report;
      const first = !pace.looked;
      pace.looked = true;
      if (pace.seen.stamp === lastSeenAt) return first;
      pace.seen = { stamp: lastSeenAt, at: lastSeenAt === null ? null : wall.steadyOf(lastSeenAt) };
      const { reportedAt } = report.details;
      if (!Object.is(pace.reported.stamp, reportedAt))
        pace.reported = { stamp: reportedAt, at: wall.steadyOf(reportedAt) };
      return true;
    },
    inSteadyTime: (command, pace, report) => [
      {
        ...command,
        ...{ sentAt: pace.sent, acceptedAt: pace.accepted, waitsUntil: pace.due, heldSince: pace.heldSince },
      },
      {
        ...report,
        ...{ lastSeenAt: pace.seen.at, details: { ...report.details, reportedAt: pace.reported.at } },
      },
    ],
  };
}
