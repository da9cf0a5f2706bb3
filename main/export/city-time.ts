/** Zone rules change on quarter hours of UTC at the finest. */
const STEP_MS = 15 * 60_000;

/** The city's clock, by the runtime's own zone data. */
export interface CityTime {
  /** Milliseconds that the city's clock is ahead of UTC at this moment. */
  offsetAt(utcMs: number): number;
  /** Moments inside `(from, to)` at which that changes (DST). */
  changes(from: number, to: number): number[];
}

/** @throws RangeError where the runtime does not know the zone */
export function createCityTime(timeZone: string): CityTime {
  const format = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone, calendar: 'gregory', numberingSystem: 'latn', hourCycle: 'h23' },
    ...{ year: 'numeric', month: 'numeric', day: 'numeric' },
    ...{ hour: 'numeric', minute: 'numeric', second: 'numeric' },
  });
  function offsetAt(utcMs: number): number {
    const at = Math.floor(utcMs / STEP_MS) * STEP_MS;
    const parts: Record<string, number> = {};
    for (const { type, value } of format.formatToParts(at)) parts[type] = Number(value);
    const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0 } = parts;
    return Date.UTC(year, month - 1, day, hour, minute, second) - at;
  }
  return {
    offsetAt,
    changes(from, to) {
      const found: number[] = [];
      let last = offsetAt(from);
      for (let at = (Math.floor(from / STEP_MS) + 1) * STEP_MS; at < to; at += STEP_MS) {
        const offset = offsetAt(at);
        if (offset !== last) found.push(at);
        last = offset;
      }
      return found;
    },
  };
}

/** `UTC+3`, `UTC−3:30`. */
export function zoneLabel(offsetMs: number): string {
  const minutes = Math.abs(Math.round(offsetMs / 60_000));
  const sign = offsetMs < 0 ? '−' : '+';
  const rest = minutes % 60;
  return `UTC${sign}${Math.floor(minutes / 60)}${rest === 0 ? '' : `:${String(rest).padStart(2, '0')}`}`;
}

/** `22.11.2026 14:05:10`, as the city's clock showed it. */
export function cityText(utcMs: number, offsetMs: number): string {
  const iso = new Date(utcMs + offsetMs).toISOString();
  return `${iso.slice(8, 10)}.${iso.slice(5, 7)}.${iso.slice(0, 4)} ${iso.slice(11, 19)}`;
}
