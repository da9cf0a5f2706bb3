import { type Kysely, sql } from 'kysely';
import type { Clock } from '../base/clock.ts';
import type { Database } from '../storage/tables.ts';
import { CUTTING_OFF } from './spec.ts';

/** When devices may have been silent because a person's command had them restart, UTC ms, by device number. */
export type CommandedTimes = (
  nums: readonly number[],
  range: { from: number; until: number },
) => Promise<Map<number, { from: number; until: number }[]>>;

/**
 * Answers from the commands that did what they were to do, or are still to show it. One that failed excuses nothing:
 * the device that never came back was down.
 */
export const createCommandedTimes =
  (db: Kysely<Database>, clock: Clock): CommandedTimes =>
  async (nums, { from, until }) => {
    const rows = await db
      .selectFrom('commands as c')
      .innerJoin('command_runs as r', 'r.id', 'c.run_id')
      .select(['c.num', 'c.sent_at', 'c.ended_at'])
      .where('c.num', 'in', nums)
      .where('c.state', 'in', ['sent', 'accepted', 'done', 'confirmed'])
      .where(sql<string>`r.spec ->> 'kind'`, 'in', [...CUTTING_OFF])
      .where('c.sent_at', '<', until)
      .where((eb) => eb.or([eb('c.ended_at', 'is', null), eb('c.ended_at', '>', from)]))
      .orderBy('c.seq')
      .execute();
    const result = new Map<number, { from: number; until: number }[]>();
    for (const { num, sent_at, ended_at } of rows) {
      if (sent_at === null) continue;
      const span = { from: sent_at, until: ended_at ?? clock.now() };
      const all = result.get(num);
      if (all) all.push(span);
      else result.set(num, [span]);
    }
    return result;
  };
