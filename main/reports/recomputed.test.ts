import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type HealthStatus, HealthStatuses } from '../contract/health.ts';
import { everything, makeTestCity, type TestCity, testDevice } from '../devices/test-city.ts';
import { createHealthPast } from '../health/past.ts';
import { createOutagesByParent } from '../incidents/past-outages.ts';
import { noTimes, type Span, type Times } from './availability.ts';
import { createReports } from './availability-report.ts';
import { createReckoner } from './reckoner.ts';

/**
 * The report against another reckoning of the same rows: each stretch in which nothing happens is looked at by itself,
 * by searching all that was stored, without the order, the joining and the cursors of the report.
 */
const IDS = ['sw-1', 'ap-1', 'cam-1'] as const;
type Id = (typeof IDS)[number];
const PARENT: Readonly<Partial<Record<Id, Id>>> = { 'ap-1': 'sw-1' };
const DISTRICT: Readonly<Record<Id, string>> = { 'sw-1': 'arbat', 'ap-1': 'arbat', 'cam-1': 'kuntsevo' };
const MINUTE = 60_000;
const HEARTBEAT_MS = 30_000;
/** 2.5 heartbeats, and 15 s to be suspected and found. */
const FOUND_MS = 90_000;
const FOLLOW_MS = 90_000;

/** Months of Berlin: the one that is an hour longer, and the one that is an hour shorter. */
const MONTHS = [
  { from: '2025-09-30T22:00:00Z', until: '2025-10-31T23:00:00Z', hours: 31 * 24 + 1 },
  { from: '2026-02-28T23:00:00Z', until: '2026-03-31T22:00:00Z', hours: 31 * 24 - 1 },
].map(({ from, until, hours }) => ({ from: Date.parse(from), until: Date.parse(until), hours }));

interface Change {
  id: Id;
  at: number;
  status: HealthStatus;
  base: HealthStatus;
}
interface Membership {
  id: Id;
  of: Id;
  since: number;
  until: number | null;
}
interface Story {
  changes: Change[];
  blind: { from: number; until: number | null }[];
  incidents: Membership[];
  commanded: (Span & { id: Id })[];
}

/** Minutes from a day before the range to a day after, and moments close to its ends. */
const storyOf = ({ from, until }: Span): fc.Arbitrary<Story> => {
  const within = fc.integer({ min: -1_440, max: (until - from) / MINUTE + 1_440 });
  const at = fc.oneof(
    within.map((minutes) => from + minutes * MINUTE),
    fc.integer({ min: -3, max: 3 }).map((seconds) => from + seconds * 1_000),
    fc.integer({ min: -3, max: 3 }).map((seconds) => until + seconds * 1_000),
  );
  const id = fc.constantFrom(...IDS);
  const status = fc.constantFrom(...HealthStatuses);
  const shortly = fc.oneof(
    fc.constant(0),
    fc.integer({ min: 1, max: 200 }).map((seconds) => seconds * 1_000),
  );
  const long = fc.integer({ min: 1, max: 20_000 }).map((minutes) => minutes * MINUTE);
  const span = fc.tuple(at, long).map(([start, length]) => ({ from: start, until: start + length }));
  const ends = fc.boolean();
  return fc
    .record({
      changes: fc.array(fc.record({ id, at, status, base: status }), { maxLength: 25 }),
      blind: fc.array(fc.tuple(span, ends), { maxLength: 4 }),
      // What is found soon after the hub hears again.
      found: fc.array(fc.record({ id, status, after: shortly }), { maxLength: 4 }),
      incidents: fc.array(fc.tuple(id, id, span, ends), { maxLength: 6 }),
      commanded: fc.array(fc.tuple(id, span), { maxLength: 3 }),
      // Work on the switch, or a restart of it, takes its point down, which comes back a while after it.
      works: fc.array(fc.tuple(at, fc.integer({ min: 1, max: 90 }), shortly, shortly, ends), {
        maxLength: 3,
      }),
    })
    .map(({ changes, blind, found, incidents, commanded, works }) => ({
      changes: [
        ...changes,
        ...found.flatMap(({ id: of, status: now, after }, index) => {
          const heard = blind[index]?.[0].until;
          return heard === undefined ? [] : [{ id: of, at: heard + after, status: now, base: now }];
        }),
        ...works.flatMap(([start, minutes, late, later, planned]) => {
          const back = start + minutes * MINUTE;
          const was = (of: Id, when: number, status: HealthStatus, base = status) => ({
            ...{ id: of, at: when, status, base },
          });
          return [
            was('sw-1', start, planned ? 'maintenance' : 'offline', 'offline'),
            ...[was('ap-1', start + late, 'offline'), was('sw-1', back, 'online')],
            was('ap-1', back + later, 'online'),
          ];
        }),
      ].sort((a, b) => a.at - b.at),
      blind: blind.map(([one, over]) => ({ ...one, until: over ? one.until : null })),
      // A device is in an incident once.
      incidents: incidents.map(([of, member, one, over]) => ({
        ...{ of, id: member, since: one.from, until: over ? one.until : null },
      })),
      commanded: [
        ...commanded.map(([of, one]) => ({ id: of, ...one })),
        ...works.flatMap(([start, minutes, , , planned]) =>
          planned ? [] : [{ id: 'sw-1' as const, from: start, until: start + minutes * MINUTE }],
        ),
      ],
    }));
};

const inside = (at: number, { from, until }: { from: number; until: number | null }): boolean =>
  from <= at && (until === null || at < until);

/** Until when the spans go on without a pause, from `from` on. */
function coveredUntil(from: number, spans: readonly Span[]): number {
  let until = from;
  for (let grown = true; grown; ) {
    grown = false;
    for (const span of spans)
      if (span.from <= until && span.until > until) {
        until = span.until;
        grown = true;
      }
  }
  return until;
}

/** @param now until when what has not ended is known */
function recomputed(story: Story, range: Span, now: number): Map<Id, Times> {
  const last = (id: Id, at: number) => story.changes.filter((one) => one.id === id && one.at <= at).at(-1);
  const next = (change: Change, end: number): number => {
    const own = story.changes.filter(({ id }) => id === change.id);
    return Math.min(own[own.indexOf(change) + 1]?.at ?? end, end);
  };
  const commandedOf = (id: Id) => story.commanded.filter((one) => one.id === id);
  /** A restart that was ordered explains a silence that began and ended within its time. */
  function atWork(change: Change): boolean {
    if (change.status === 'maintenance') return true;
    if (change.status !== 'offline') return false;
    const spans = commandedOf(change.id);
    return spans.some(
      ({ from }) =>
        from <= change.at &&
        coveredUntil(from, spans) >= change.at &&
        coveredUntil(from, spans) >= next(change, range.until),
    );
  }
  const blind = story.blind.map(({ from, until }) => ({ from, until: until ?? now }));
  /** When the hub heard again after each blindness that touches the range. */
  const heardAgain = blind
    .filter(({ from, until }) => from < range.until && until > range.from)
    .map(({ until }) => until)
    .filter(
      (until) => !blind.some((one) => one.from <= until && one.until > until && one.from < range.until),
    );

  function stateAt(id: Id, at: number): keyof Times {
    if (blind.some((one) => inside(at, one))) return 'unknown';
    for (const heard of heardAgain) {
      if (heard > at) continue;
      const evidence = story.changes.find(
        (one) => one.id === id && one.at >= heard && one.at < range.until && one.base !== 'suspect',
      );
      if (evidence && evidence.at - heard <= FOUND_MS && at < evidence.at) return 'unknown';
    }
    const change = last(id, at);
    if (!change) return 'unknown';
    const { base } = change;
    if (atWork(change)) {
      if (base === 'never-seen') return 'unknown';
      return base === 'offline' ? 'maintenanceDown' : 'maintenanceUp';
    }
    if (change.status === 'never-seen') return 'unknown';
    if (change.status !== 'offline' && change.status !== 'flapping') return 'up';
    const parent = PARENT[id];
    const above = parent && last(parent, at);
    const work = above !== undefined && atWork(above) && above.base === 'offline';
    // What hangs on a device that was told to restart has a while longer to follow.
    const restarted =
      parent !== undefined &&
      commandedOf(parent).some(({ from }) =>
        inside(at, { from, until: coveredUntil(from, commandedOf(parent)) + FOLLOW_MS }),
      );
    const outage = story.incidents.some(
      (one) => one.id === id && one.of !== id && inside(at, { from: one.since, until: one.until ?? now }),
    );
    if (work || restarted || outage) return 'downByParent';
    return change.status === 'flapping' ? 'flapping' : 'down';
  }

  const edges = new Set([range.from, range.until]);
  const moments = [
    ...story.changes.map((one) => one.at),
    ...blind.flatMap(({ from, until }) => [from, until]),
    ...story.incidents.flatMap(({ since, until }) => [since, until ?? now]),
    ...story.commanded.flatMap(({ from, until }) => [from, until, until + FOLLOW_MS]),
  ];
  for (const at of moments) if (at > range.from && at < range.until) edges.add(at);
  const ordered = [...edges].sort((a, b) => a - b);
  return new Map(
    IDS.map((id) => {
      const times = noTimes();
      for (const [index, from] of ordered.entries()) {
        const until = ordered[index + 1];
        if (until !== undefined) times[stateAt(id, from)] += until - from;
      }
      return [id, times];
    }),
  );
}

let city: TestCity;
beforeAll(async () => {
  city = await makeTestCity();
  const given = IDS.map((id) => ({
    ...{
      id,
      kind: id === 'cam-1' ? ('camera' as const) : id === 'ap-1' ? ('ap' as const) : ('switch' as const),
    },
    ...{ districtId: DISTRICT[id], ...(PARENT[id] ? { parentId: PARENT[id] } : {}) },
  }));
  await city.devices.seed([], [], given.map(testDevice));
});
afterAll(() => city.stop());

const numOf = (id: Id): number => city.devices.get(id)?.num ?? 0;

async function keep({ changes, blind, incidents }: Story): Promise<void> {
  const db = await city.storage.db.startTransaction().execute();
  for (const table of ['status_changes', 'blind_spans', 'incidents', 'incident_members'] as const)
    await db.deleteFrom(table).execute();
  for (const { id, at, status, base } of changes)
    await db
      .insertInto('status_changes')
      .values({ num: numOf(id), at, status, base, reason: 'none' })
      .execute();
  for (const { from, until } of blind)
    await db.insertInto('blind_spans').values({ from_ms: from, until_ms: until, reason: 'broker' }).execute();
  for (const [index, { id, of, since, until }] of incidents.entries()) {
    await db
      .insertInto('incidents')
      .values({
        ...{ id: `i-${index}`, cause: 'device-offline', severity: 'warning', num: numOf(of), area: null },
        ...{ subject: null, reason: 'will', found_at_start: 0, opened_at: since, cleared_at: null },
        ...{ resolved_at: null, taken_by: null, taken_name: null, taken_at: null, muted_until: null },
      })
      .execute();
    const member = { incident_id: `i-${index}`, num: numOf(id), since, until };
    await db.insertInto('incident_members').values(member).execute();
  }
  await db.commit().execute();
}

it.each(MONTHS)(
  'is the same as by another reckoning of the same rows, over a month of $hours hours',
  async (month) => {
    const range = { from: month.from, until: month.until };
    const now = range.until + 3 * 86_400_000;
    const clock = { ...city.clock, now: () => now };
    const visible = everything(city.devices);
    await fc.assert(
      fc.asyncProperty(storyOf(range), async (story) => {
        await keep(story);
        const commandedOf = async (nums: readonly number[]) =>
          new Map(nums.map((num) => [num, story.commanded.filter(({ id }) => numOf(id) === num)]));
        const reports = createReports({
          ...{ clock, devices: city.devices },
          reckoner: createReckoner({
            ...{ past: createHealthPast(city.storage.db, clock), devices: city.devices },
            ...{ outagesByParent: createOutagesByParent(city.storage.db, clock), commanded: commandedOf },
            heartbeatOf: () => HEARTBEAT_MS,
          }),
        });
        const ask = (by: 'device' | 'district') =>
          reports.availability({ range, by, kind: undefined, visible }, new AbortController().signal);
        const expected = recomputed(story, range, now);
        const lines = new Map((await ask('device')).lines.map(({ key, times }) => [key, times]));
        for (const id of IDS) expect([id, lines.get(id)]).toEqual([id, expected.get(id)]);
        const byDistrict = await ask('district');
        const sum = (ids: readonly Id[]) =>
          ids.reduce((total, id) => {
            const times = expected.get(id) ?? noTimes();
            return total + times.down + times.downByParent + times.maintenanceDown;
          }, 0);
        for (const { key, times } of byDistrict.lines)
          expect(times.down + times.downByParent + times.maintenanceDown).toBe(
            sum(IDS.filter((id) => DISTRICT[id] === key)),
          );
        const whole = Object.values(byDistrict.total.times).reduce((total, ms) => total + ms, 0);
        expect(whole / 3_600_000).toBe(IDS.length * month.hours);
      }),
      { numRuns: 150 },
    );
  },
);
