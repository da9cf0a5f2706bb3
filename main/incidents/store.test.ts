import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { makeTestCity } from '../devices/test-city.ts';
import type { OpenIncident } from './engine-types.ts';
import { createOutagesByParent } from './past-outages.ts';
import { createIncidentStore } from './store.ts';

it('finds a page of resolved incidents without sorting all there ever were', async () => {
  const city = await makeTestCity();
  try {
    const { db } = city.storage;
    expect(await createIncidentStore(db).resolved(undefined, undefined, 10)).toEqual([]);
    const plan = await sql<{ detail: string }>`explain query plan
      select * from incidents where resolved_at is not null and (opened_at, id) < (5, 'x')
      order by opened_at desc, id desc limit 10`.execute(db);
    const steps = plan.rows.map(({ detail }) => detail).join('\n');
    expect(steps).toContain('incidents_resolved');
    expect(steps).not.toContain('TEMP B-TREE');
  } finally {
    await city.stop();
  }
});

it('blames a parent for what it took down until another incident took that in, not for ever', async () => {
  const city = await makeTestCity();
  try {
    const { db } = city.storage;
    const store = createIncidentStore(db);
    const incident = (id: string, num: number): OpenIncident => ({
      ...{ id, cause: 'device-offline', root: { kind: 'device', num }, reason: 'will', foundAtStart: false },
      ...{ openedAt: 10, clearedAt: null, taken: false, members: new Map() },
    });
    const [point, floor, cellar] = [1, 2, 3];
    await store.write(
      [
        { step: 'open', incident: incident('floor', floor) },
        { step: 'join', incidentId: 'floor', num: floor, since: 10 },
        { step: 'join', incidentId: 'floor', num: point, since: 10 },
        { step: 'open', incident: incident('cellar', cellar) },
        { step: 'absorb', incidentId: 'floor', into: 'cellar', at: 20 },
        { step: 'join', incidentId: 'cellar', num: point, since: 10 },
        { step: 'leave', incidentId: 'cellar', num: point, at: 40 },
      ],
      new Map(),
    );
    const outages = await createOutagesByParent(db, city.clock)([point], { from: 0, until: 1_000 });
    expect(outages.get(point)).toEqual([
      { from: 10, until: 20 },
      { from: 10, until: 40 },
    ]);
  } finally {
    await city.stop();
  }
});

it('blames a parent for each time it took a device down, and one that comes and goes too', async () => {
  const city = await makeTestCity();
  try {
    const { db } = city.storage;
    const store = createIncidentStore(db);
    const [point, floor] = [1, 2];
    const open = (id: string, cause: OpenIncident['cause']) => ({
      step: 'open' as const,
      incident: {
        ...{ id, cause, root: { kind: 'device' as const, num: floor }, reason: 'will', foundAtStart: false },
        ...{ openedAt: 10, clearedAt: null, taken: false, members: new Map() },
      },
    });
    const down = (incidentId: string, since: number, at: number) => [
      { step: 'join' as const, incidentId, num: point, since },
      { step: 'leave' as const, incidentId, num: point, at },
    ];
    await store.write([open('dead', 'device-offline'), ...down('dead', 10, 20)], new Map());
    await store.write(
      [...down('dead', 30, 40), open('flaps', 'flapping'), ...down('flaps', 50, 60)],
      new Map(),
    );
    const outages = createOutagesByParent(db, city.clock);
    expect((await outages([point], { from: 0, until: 1_000 })).get(point)).toEqual([
      { from: 10, until: 20 },
      { from: 30, until: 40 },
      { from: 50, until: 60 },
    ]);
    expect((await outages([point], { from: 20, until: 30 })).get(point)).toBeUndefined();
    expect((await store.members('dead')).map(({ since, until }) => [since, until])).toEqual([[30, 40]]);
  } finally {
    await city.stop();
  }
});
