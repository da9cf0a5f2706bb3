import type { CityZone } from './city-zone.ts';

const two = (value: number): string => String(value).padStart(2, '0');

/** ISO 8601 in the zone's own time with its offset, to the second: `2026-11-22T13:04:05+03:00`. @param utc UTC ms */
export function localIso(utc: number, zone: CityZone): string {
  const whole = Math.floor(utc / 1000) * 1000;
  const minutes = Math.round(zone.offsetAt(whole) / 60_000);
  const local = new Date(whole + minutes * 60_000).toISOString().slice(0, 19);
  const away = Math.abs(minutes);
  return `${local}${minutes < 0 ? '-' : '+'}${two(Math.floor(away / 60))}:${two(away % 60)}`;
}
