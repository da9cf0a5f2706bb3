/** A wall-clock time in some zone, as a person writes it. `month` counts from 1. */
export interface LocalTime {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  ms: number;
}

/**
 * What a wall-clock time means. Where clocks go back a time happens twice, where they go forward it never
 * happens: then the caller asks. `choices` are in order of time.
 */
export type Resolved =
  | { kind: 'one'; utc: number }
  | { kind: 'twice'; choices: readonly [number, number] }
  | { kind: 'never'; choices: readonly [number, number] };

/** Wall-clock arithmetic of one IANA zone. */
export interface CityZone {
  readonly timeZone: string;
  toLocal(utc: number): LocalTime;
  /** Local time minus UTC, ms, at an instant. */
  offsetAt(utc: number): number;
  fromLocal(local: LocalTime): Resolved;
  /** First instant of the local day. Where midnight does not exist, the moment the clocks jump to. */
  startOfDay(year: number, month: number, day: number): number;
  /** 1 is Monday, 7 Sunday, of the local date at an instant. */
  weekdayAt(utc: number): number;
}

const DAY_MS = 86_400_000;
const PART_NAMES = ['year', 'month', 'day', 'hour', 'minute', 'second'] as const;

/** @throws RangeError for a zone that this machine does not know. */
export function cityZone(timeZone: string): CityZone {
  const format = new Intl.DateTimeFormat('en-US-u-ca-iso8601', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });

  const toLocal = (utc: number): LocalTime => {
    const local: LocalTime = { year: 0, month: 0, day: 0, hour: 0, minute: 0, second: 0, ms: 0 };
    for (const part of format.formatToParts(utc)) {
      const name = PART_NAMES.find((candidate) => candidate === part.type);
      if (name) local[name] = Number(part.value);
    }
    local.ms = ((utc % 1000) + 1000) % 1000;
    return local;
  };

  const offsetAt = (utc: number): number => asIfUtc(toLocal(utc)) - utc;

  const fromLocal = (local: LocalTime): Resolved => {
    const wall = asIfUtc(local);
    // Any change of offset that can touch this wall time lies within a day of it.
    const offsets = [...new Set([offsetAt(wall - DAY_MS), offsetAt(wall + DAY_MS)])];
    const candidates = offsets.map((offset) => wall - offset).sort((a, b) => a - b);
    const [first, second] = candidates.filter((utc) => utc + offsetAt(utc) === wall);
    if (first !== undefined)
      return second === undefined ? { kind: 'one', utc: first } : { kind: 'twice', choices: [first, second] };
    const [early = wall, late = wall] = candidates;
    return { kind: 'never', choices: [early, late] };
  };

  const startOfDay = (year: number, month: number, day: number): number => {
    const resolved = fromLocal({ year, month, day, hour: 0, minute: 0, second: 0, ms: 0 });
    if (resolved.kind === 'one') return resolved.utc;
    if (resolved.kind === 'twice') return resolved.choices[0];
    return jumpBetween(resolved.choices[0], resolved.choices[1]);
  };

  /** The first instant after a change of offset that lies between two instants, to the ms. */
  const jumpBetween = (before: number, after: number): number => {
    const offset = offsetAt(before);
    let low = before;
    let high = after;
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (offsetAt(middle) === offset) low = middle;
      else high = middle;
    }
    return high;
  };

  const weekdayAt = (utc: number): number => {
    const day = new Date(utc + offsetAt(utc)).getUTCDay();
    return day === 0 ? 7 : day;
  };

  return { timeZone, toLocal, offsetAt, fromLocal, startOfDay, weekdayAt };
}

/** The wall-clock fields read as if they were UTC. Days and months may overflow, as with `Date.UTC`. */
export function asIfUtc(local: LocalTime): number {
  return Date.UTC(local.year, local.month - 1, local.day, local.hour, local.minute, local.second, local.ms);
}

/** Does this calendar date exist? */
export function dateExists(year: number, month: number, day: number): boolean {
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}
