import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { WeeklyHours } from '../contract/access.ts';
import { nextHoursEdge, withinHours } from './weekly-hours.ts';
import { createZone } from './zone.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

test.each([
  ['Europe/Moscow', '2026-11-22T21:30:00Z', 1, 30],
  ['Europe/Berlin', '2026-10-25T00:30:00Z', 7, 150],
  ['Europe/Berlin', '2026-10-25T01:30:00Z', 7, 150],
  ['Europe/Berlin', '2026-03-29T00:59:00Z', 7, 119],
  ['Europe/Berlin', '2026-03-29T01:00:00Z', 7, 180],
  ['Australia/Lord_Howe', '2026-04-04T15:00:00Z', 7, 90],
  ['Asia/Kathmandu', '2026-01-01T00:00:00Z', 4, 345],
  ['America/St_Johns', '1969-12-31T12:00:00Z', 3, 510],
])('%s at %s shows day %i, minute %i', (zone, utc, day, minute) => {
  expect(createZone(zone).wallTime(Date.parse(utc))).toEqual({ day, minute });
});

test('finds when the clocks are set, to the minute, and nothing where they are not', () => {
  const berlin = createZone('Europe/Berlin');
  const day = 86_400_000;
  expect(berlin.nextOffsetChange(Date.parse('2026-10-20T12:00:00Z'), 8 * day)).toBe(
    Date.parse('2026-10-25T01:00:00Z'),
  );
  expect(berlin.nextOffsetChange(Date.parse('2026-10-25T00:59:30Z'), 8 * day)).toBe(
    Date.parse('2026-10-25T01:00:00Z'),
  );
  expect(berlin.nextOffsetChange(Date.parse('2026-10-25T01:00:00Z'), 8 * day)).toBeNull();
  expect(
    createZone('Europe/Moscow').nextOffsetChange(Date.parse('2026-10-20T12:00:00Z'), 365 * day),
  ).toBeNull();
});

const hours: fc.Arbitrary<WeeklyHours> = fc.array(
  fc
    .tuple(
      fc.integer({ min: 1, max: 7 }),
      fc.integer({ min: 0, max: 1439 }),
      fc.integer({ min: 1, max: 1440 }),
    )
    .filter(([, from, to]) => from < to)
    .map(([day, fromMin, toMin]) => ({ day, fromMin, toMin })),
  { minLength: 1, maxLength: 4 },
);
const zones = fc.constantFrom(
  'Europe/Moscow',
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
);
/** Around the changes of 2026 in all these zones, and elsewhere. */
const moments = fc.oneof(
  fc.integer({ min: Date.parse('2026-01-01T00:00:00Z'), max: Date.parse('2027-01-01T00:00:00Z') }),
  fc
    .tuple(
      fc.constantFrom('2026-03-08', '2026-03-29', '2026-04-04', '2026-10-03', '2026-10-25', '2026-11-01'),
      fc.integer({ min: -30 * HOUR, max: 30 * HOUR }),
    )
    .map(([day, offset]) => Date.parse(`${day}T00:00:00Z`) + offset),
);

test('nothing begins or ends between a moment and the next edge after it', () => {
  fc.assert(
    fc.property(hours, zones, moments, (weekly, name, utc) => {
      const zone = createZone(name);
      const edge = nextHoursEdge(weekly, zone, utc);
      if (edge === null) throw new Error('there are hours, so there is an edge');
      expect(edge).toBeGreaterThan(utc);
      const state = withinHours(weekly, zone, utc);
      const minutes = Math.ceil((edge - utc) / MINUTE);
      const step = Math.max(1, Math.floor(minutes / 60));
      for (let i = 0; i < minutes; i += step)
        expect(withinHours(weekly, zone, Math.min(utc + i * MINUTE, edge - 1))).toBe(state);
      expect(withinHours(weekly, zone, edge - 1)).toBe(state);
    }),
    { numRuns: 300 },
  );
});

test('following the edges meets every change that a look at each minute finds', () => {
  fc.assert(
    fc.property(hours, zones, moments, (weekly, name, start) => {
      const zone = createZone(name);
      const end = start + 26 * HOUR;
      const edges = new Set<number>();
      for (let at: number | null = start; at !== null && at < end; at = nextHoursEdge(weekly, zone, at))
        edges.add(at);
      const first = Math.ceil(start / MINUTE) * MINUTE;
      for (let at = first; at < end; at += MINUTE)
        if (withinHours(weekly, zone, at) !== withinHours(weekly, zone, at - 1) && at > start)
          expect(edges.has(at)).toBe(true);
    }),
    { numRuns: 60 },
  );
});

test('an hour shown twice counts twice, one left out never comes', () => {
  const berlin = createZone('Europe/Berlin');
  const sunday = [{ day: 7, fromMin: 120, toMin: 180 }];
  const minutes = (day: string) => {
    let count = 0;
    for (
      let at = Date.parse(`${day}T00:00:00Z`) - 2 * HOUR;
      at < Date.parse(`${day}T12:00:00Z`);
      at += MINUTE
    )
      if (withinHours(sunday, berlin, at)) count += 1;
    return count;
  };
  expect(minutes('2026-10-25')).toBe(120);
  expect(minutes('2026-03-29')).toBe(0);
  expect(nextHoursEdge([], berlin, 0)).toBeNull();
});
