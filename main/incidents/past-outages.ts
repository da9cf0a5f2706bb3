import type { Kysely } from 'kysely';
import type { Clock } from '../base/clock.ts';
import type { Database } from '../storage/tables.ts';

/** When devices were down because of another one, UTC ms, by device number. */
export type OutagesByParent = (
  nums: readonly number[],
  range: { from: number; until: number },
) => Promise<Map<number, { from: number; until: number }[]>>;

/** Answers from the incidents in which a device was taken down by another. */
export const createOutagesByParent =
  (db: Kysely<Database>, clock: Clock): OutagesByParent =>
  async (nums, { from, until }) => {
    const last = await db
      .selectFrom('incident_members as m')
      .innerJoin('incidents as i', 'i.id', 'm.incident_id')
      .select(['m.num', 'm.since', 'm.until'])
      .where('m.num', 'in', nums)
      .where('i.cause', 'in', ['device-offline', 'flapping'])
      .whereRef('i.num', '!=', 'm.num')
      .where('m.since', '<', until)
      .where((eb) => eb.or([eb('m.until', 'is', null), eb('m.until', '>', from)]))
      .execute();
    const earlier = await db
      .selectFrom('incident_earlier as m')
      .innerJoin('incidents as i', 'i.id', 'm.incident_id')
      .select(['m.num', 'm.since', 'm.until'])
      .where('m.num', 'in', nums)
      .where('i.cause', 'in', ['device-offline', 'flapping'])
      .whereRef('i.num', '!=', 'm.num')
      .where('m.since', '<', until)
      .where('m.until', '>', from)
      .execute();
    const result = new Map<number, { from: number; until: number }[]>();
    for (const row of [...earlier, ...last]) {
      const all = result.get(row.num) ?? [];
      all.push({ from: row.since, until: row.until ?? clock.now() });
      result.set(row.num, all);
    }
    return result;
  };
