import { type CityZone, dateExists } from './city-zone.ts';

const two = (value: number) => String(value).padStart(2, '0');

/** UTC ms of a `YYYY-MM-DDTHH:MM` of the city's clock; undefined where the clock makes it twice or never. */
export function cityMoment(text: string, zone: CityZone): number | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})$/.exec(text);
  if (!match) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = match.slice(1).map(Number);
  if (!dateExists(year, month, day)) return undefined;
  const resolved = zone.fromLocal({ year, month, day, hour, minute, second: 0, ms: 0 });
  return resolved.kind === 'one' ? resolved.utc : undefined;
}

/** The other way round, for a field's first value. */
export function cityField(utc: number, zone: CityZone): string {
  const { hour, minute } = zone.toLocal(utc);
  return `${cityDay(utc, zone)}T${two(hour)}:${two(minute)}`;
}

/** The city's date at an instant, `YYYY-MM-DD`. */
export function cityDay(utc: number, zone: CityZone): string {
  const { year, month, day } = zone.toLocal(utc);
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`;
}
