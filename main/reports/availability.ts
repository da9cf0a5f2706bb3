import type { HealthStatus } from '../contract/health.ts';
import { MOSTLY_UNKNOWN } from '../contract/reports.ts';
import { NO_HEARTBEAT_MS } from '../health/columns.ts';
import { HOLD_OFF_MS, SILENT_AFTER_HEARTBEATS } from '../health/liveness.ts';

export interface Span {
  from: number;
  until: number;
}

/** A device's status from `at` on; `base` is the one beneath maintenance and flapping. */
export interface Change {
  at: number;
  status: HealthStatus;
  base: HealthStatus;
}

/** How long a device was what within a range, ms. All add up to the range. */
export interface Times {
  up: number;
  /** Down by itself. */
  down: number;
  /** Down because what it hangs on was. */
  downByParent: number;
  flapping: number;
  /** Work went on: it was up, or down, beneath it. */
  maintenanceUp: number;
  maintenanceDown: number;
  /** The hub was blind, or nothing was known of the device yet. */
  unknown: number;
}

export const noTimes = (): Times => ({
  ...{ up: 0, down: 0, downByParent: 0, flapping: 0, maintenanceUp: 0, maintenanceDown: 0, unknown: 0 },
});

const isDown = (status: HealthStatus): boolean => status === 'offline';

function timeOf(change: Change, byParent: boolean): keyof Times {
  switch (change.status) {
    case 'never-seen':
      return 'unknown';
    case 'maintenance':
      if (change.base === 'never-seen') return 'unknown';
      return isDown(change.base) ? 'maintenanceDown' : 'maintenanceUp';
    case 'flapping':
      // What hangs on a device that comes and goes does so too.
      return byParent ? 'downByParent' : 'flapping';
    case 'offline':
      return byParent ? 'downByParent' : 'down';
    case 'online':
    case 'degraded':
    case 'suspect':
    case 'bad-data':
      return 'up';
  }
}

/**
 * Splits a range by what the device was. `changes` in order of time, the first one maybe before the range; `blind`
 * and `byParent` in order, without overlap. Time in which the hub was blind is unknown, whatever was shown (rule 9).
 */
export function availabilityOf(
  range: Span,
  changes: readonly Change[],
  blind: readonly Span[],
  byParent: readonly Span[],
): Times {
  const times = noTimes();
  const edges = new Set([range.from, range.until]);
  for (const at of [
    ...changes.map((change) => change.at),
    ...[...blind, ...byParent].flatMap(({ from, until }) => [from, until]),
  ])
    if (at > range.from && at < range.until) edges.add(at);
  const ordered = [...edges].sort((a, b) => a - b);
  let change = -1;
  let blindAt = 0;
  let parentAt = 0;
  for (let i = 0; i + 1 < ordered.length; i++) {
    const from = ordered[i] ?? 0;
    const length = (ordered[i + 1] ?? 0) - from;
    while ((changes[change + 1]?.at ?? Number.POSITIVE_INFINITY) <= from) change += 1;
    while ((blind[blindAt]?.until ?? Number.POSITIVE_INFINITY) <= from) blindAt += 1;
    while ((byParent[parentAt]?.until ?? Number.POSITIVE_INFINITY) <= from) parentAt += 1;
    const current = changes[change];
    const inBlind = (blind[blindAt]?.from ?? Number.POSITIVE_INFINITY) <= from;
    const inParent = (byParent[parentAt]?.from ?? Number.POSITIVE_INFINITY) <= from;
    if (inBlind || !current) times.unknown += length;
    else times[timeOf(current, inParent)] += length;
  }
  return times;
}

/** Suspicion, a beat of the scan and of the road, ms. */
const FOUND_SLACK_MS = 15_000;

/** After the hub hears again, a device that is heard so often has this long to be heard or missed, ms. */
export const foundWithin = (heartbeatMs: number): number =>
  Math.max(HOLD_OFF_MS, heartbeatMs < NO_HEARTBEAT_MS ? SILENT_AFTER_HEARTBEATS * heartbeatMs : 0) +
  FOUND_SLACK_MS;

/**
 * When nothing was known of one device: while the hub was blind, and from then until the first that it learnt of the
 * device, `foundMs` at most. What died or came back while nobody looked was neither up nor down until it was found.
 */
export function unseen(blind: readonly Span[], changes: readonly Change[], foundMs: number): Span[] {
  let next = 0;
  return joined(
    blind.map(({ from, until }) => {
      while (next < changes.length && (changes[next]?.at ?? 0) < until) next += 1;
      let found = next;
      // Suspicion is not evidence yet.
      while (changes[found]?.base === 'suspect') found += 1;
      const at = changes[found]?.at;
      return { from, until: at !== undefined && at - until <= foundMs ? at : until };
    }),
  );
}

/**
 * The same changes, with a restart that a person ordered (`commanded`, in order, without overlap) shown as work: who looks
 * for what failed by itself need not see it. A device that was down before the command is not excused by it.
 */
export function withCommanded(changes: readonly Change[], commanded: readonly Span[], end: number): Change[] {
  return changes.map((change, index) => {
    if (change.status !== 'offline') return change;
    const until = changes[index + 1]?.at ?? end;
    const excused = commanded.some((span) => span.from <= change.at && until <= span.until);
    return excused ? { ...change, status: 'maintenance' } : change;
  });
}

/** When a device was down while work went on at it, until `end` at the latest. */
export function downAtWork(changes: readonly Change[], end: number): Span[] {
  return changes.flatMap(({ at, status, base }, index) =>
    status === 'maintenance' && isDown(base) ? [{ from: at, until: changes[index + 1]?.at ?? end }] : [],
  );
}

export function addTimes(into: Times, more: Readonly<Times>): void {
  into.up += more.up;
  into.down += more.down;
  into.downByParent += more.downByParent;
  into.flapping += more.flapping;
  into.maintenanceUp += more.maintenanceUp;
  into.maintenanceDown += more.maintenanceDown;
  into.unknown += more.unknown;
}

/** Whether more of the time is unknown than known: a share of the rest is no picture of it. */
export function mostlyUnknown(times: Readonly<Times>): boolean {
  const whole = Object.values(times).reduce((sum, ms) => sum + ms, 0);
  return times.unknown > whole * MOSTLY_UNKNOWN;
}

/** Share of the known time in which it worked, 0 to 1; null when nothing is known. Flapping is not working. */
export function shares(times: Readonly<Times>): { all: number | null; own: number | null } {
  const { up, down, downByParent, flapping, maintenanceUp, maintenanceDown } = times;
  const share = (good: number, bad: number): number | null => (good + bad > 0 ? good / (good + bad) : null);
  return {
    all: share(up + maintenanceUp, down + downByParent + flapping + maintenanceDown),
    own: share(up, down + flapping),
  };
}

/** Sorts spans and joins those that touch or overlap. */
export function joined(spans: readonly Span[]): Span[] {
  const result: Span[] = [];
  for (const span of [...spans].sort((a, b) => a.from - b.from)) {
    const last = result.at(-1);
    if (last && span.from <= last.until) last.until = Math.max(last.until, span.until);
    else if (span.until > span.from) result.push({ ...span });
  }
  return result;
}
