import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { makeTestCity } from '../devices/test-city.ts';
import { createIncidentStore } from './store.ts';

it('finds a page of resolved incidents without sorting all there ever were', async () => {
  const city = await makeTestCity();
  try {
    const { db } = city.storage;
    expect(await createIncidentStore(db).resolved(undefined, undefined, 10)).toEqual([]);
    const plan = await sql<{ detail: string }>`explain query plan
      select * from incidents where resolved_at is not null order by opened_at desc limit 10`.execute(db);
    const steps = plan.rows.map(({ detail }) => detail).join('\n');
    expect(steps).toContain('incidents_resolved');
    expect(steps).not.toContain('TEMP B-TREE');
  } finally {
    await city.stop();
  }
});
