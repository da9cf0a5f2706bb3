const MINUTE = 60_000;
const DAY = 86_400_000;
/** Zone rules change on quarter hours of UTC at the finest; within one the offset is taken as constant. */
const STEP = 15 * MINUTE;

/** What a clock on a wall of the city shows: day 1 is Monday, minutes count from midnight. */
export interface WallTime {
  day: number;
  minute: number;
}

export interface Zone {
  wallTime(utc: number): WallTime;
  /** First moment after `utc` at which the offset from UTC is another one (DST), within the horizon; else null. */
  nextOffsetChange(utc: number, horizonMs: number): number | null;
}

/**
 * Time in the zone named by IANA (`Europe/Moscow`), by the runtime's own zone data.
 * @throws RangeError where the runtime does not know the zone
 */
export function createZone(timeZone: string): Zone {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  let memo = { step: Number.NaN, offset: 0 };

  function offsetAt(utc: number): number {
    const step = Math.floor(utc / STEP);
    if (memo.step === step) return memo.offset;
    const at = step * STEP;
    const parts: Record<string, number> = {};
    for (const { type, value } of format.formatToParts(at)) parts[type] = Number(value);
    const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0 } = parts;
    const offset = Date.UTC(year, month - 1, day, hour, minute, second) - at;
    memo = { step, offset };
    return offset;
  }

  return {
    wallTime(utc) {
      const local = utc + offsetAt(utc);
      const days = Math.floor(local / DAY);
      // 1970-01-01 was a Thursday.
      return { day: ((((days + 3) % 7) + 7) % 7) + 1, minute: Math.floor((local - days * DAY) / MINUTE) };
    },
    nextOffsetChange(utc, horizonMs) {
      const now = offsetAt(utc);
      const end = utc + horizonMs;
      for (let low = utc; low < end; low += DAY) {
        let high = Math.min(low + DAY, end);
        if (offsetAt(high) === now) continue;
        let from = Math.floor(low / STEP);
        let to = Math.floor(high / STEP);
        while (to - from > 1) {
          const middle = Math.floor((from + to) / 2);
          if (offsetAt(middle * STEP) === now) from = middle;
          else to = middle;
        }
        high = to * STEP;
        return high;
      }
      return null;
    },
  };
}
