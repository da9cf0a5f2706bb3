import { expect, it } from 'vitest';
import { cityZone } from './city-zone.ts';
import { localIso } from './local-iso.ts';

it.each([
  ['2026-11-22T10:04:05.678Z', 'Europe/Moscow', '2026-11-22T13:04:05+03:00'],
  // Another day there, another year.
  ['2026-12-31T21:30:00Z', 'Europe/Moscow', '2027-01-01T00:30:00+03:00'],
  ['2026-07-01T12:00:00Z', 'America/St_Johns', '2026-07-01T09:30:00-02:30'],
  ['2026-01-01T12:00:00Z', 'Asia/Kathmandu', '2026-01-01T17:45:00+05:45'],
  ['2026-01-01T12:00:00Z', 'UTC', '2026-01-01T12:00:00+00:00'],
  // The hour that comes twice is told apart by its offset.
  ['2026-10-25T00:30:00Z', 'Europe/Berlin', '2026-10-25T02:30:00+02:00'],
  ['2026-10-25T01:30:00Z', 'Europe/Berlin', '2026-10-25T02:30:00+01:00'],
])('%s in %s is %s', (utc, zone, local) => {
  expect(localIso(Date.parse(utc), cityZone(zone))).toBe(local);
  expect(Date.parse(local)).toBe(Math.floor(Date.parse(utc) / 1000) * 1000);
});
