import type { CityZone } from '../time/city-zone.ts';
import type { View } from './timeline-view.ts';

export type TickUnit = 'second' | 'minute' | 'hour' | 'day' | 'month';

export interface Tick {
  readonly at: number;
  /** What the label tells: a time of day, a date, a month, or the year that begins with this month. */
  readonly label: 'time-s' | 'time' | 'day' | 'month' | 'year';
  /** Stronger line: the first of the next larger unit. */
  readonly major: boolean;
}

interface Step {
  unit: TickUnit;
  count: number;
  ms: number;
}

const SECOND = 1000;
const MINUTE = 60_000;
const HOUR = 3_600_000;
const DAY = 86_400_000;

const STEPS: readonly Step[] = [
  ...[1, 2, 5, 10, 30].map((count) => ({ unit: 'second' as const, count, ms: count * SECOND })),
  ...[1, 2, 5, 10, 15, 30].map((count) => ({ unit: 'minute' as const, count, ms: count * MINUTE })),
  ...[1, 2, 3, 6, 12].map((count) => ({ unit: 'hour' as const, count, ms: count * HOUR })),
  ...[1, 2, 5, 10].map((count) => ({ unit: 'day' as const, count, ms: count * DAY })),
  ...[1, 2, 3, 6, 12].map((count) => ({ unit: 'month' as const, count, ms: count * 30 * DAY })),
];

/**
 * Where the timeline writes times: on round times of the city's clock, as close as `minPx` allows. An hour that
 * happens twice gets both its ticks, one that never happens none.
 */
export function ticks(view: View, width: number, zone: CityZone, minPx = 84): Tick[] {
  const msPerPx = (view.to - view.from) / Math.max(1, width);
  const step = STEPS.find(({ ms }) => ms / msPerPx >= minPx) ?? STEPS.at(-1);
  if (!step) return [];
  if (step.unit === 'day' || step.unit === 'month') return dateTicks(view, zone, step);
  // Offsets of zones are whole quarters of an hour, so quarter hours (or the finer step) of UTC meet every local one.
  const grid = Math.min(step.ms, step.unit === 'hour' ? 15 * MINUTE : step.ms);
  const found: Tick[] = [];
  for (let at = Math.ceil(view.from / grid) * grid; at < view.to; at += grid) {
    const local = zone.toLocal(at);
    const value = step.unit === 'second' ? local.second : step.unit === 'minute' ? local.minute : local.hour;
    if (value % step.count !== 0) continue;
    if (step.unit === 'hour' && local.minute !== 0) continue;
    const midnight = local.hour === 0 && local.minute === 0 && local.second === 0;
    const major =
      midnight ||
      (step.unit === 'second' && local.second === 0) ||
      (step.unit === 'minute' && local.minute === 0);
    found.push({ at, label: midnight ? 'day' : step.unit === 'second' ? 'time-s' : 'time', major });
  }
  return found;
}

function dateTicks(view: View, zone: CityZone, step: Step): Tick[] {
  const found: Tick[] = [];
  const first = zone.toLocal(view.from);
  const days = Math.ceil((view.to - view.from) / DAY) + 1;
  for (let i = 0; i <= days; i++) {
    const date = new Date(Date.UTC(first.year, first.month - 1, first.day + i));
    const day = date.getUTCDate();
    // Counted within the month, so that each month begins with a tick, and none stands too close before that.
    const left = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate() - day + 1;
    const wanted =
      step.unit === 'month'
        ? day === 1 && date.getUTCMonth() % step.count === 0
        : (day - 1) % step.count === 0 && left >= step.count * 0.75;
    if (!wanted) continue;
    const newYear = day === 1 && date.getUTCMonth() === 0;
    const at = zone.startOfDay(date.getUTCFullYear(), date.getUTCMonth() + 1, day);
    if (at >= view.from && at < view.to)
      found.push({
        at,
        label: step.unit === 'day' ? 'day' : newYear ? 'year' : 'month',
        major: step.unit === 'day' ? day === 1 : newYear,
      });
  }
  return found;
}
