import type { Kysely, Transaction } from 'kysely';
import type { Database } from '../storage/tables.ts';

export const KEPT_MS = 30 * 86_400_000;
/** Incidents looked up by one statement. */
const GIVEN_UP_AT_ONCE = 1_000;

/** What each channel has to tell and what it told: kept, so that a stop loses and repeats nothing. */
export function createOutbox(db: Kysely<Database>) {
  return {
    /**
     * Each incident is told once as opened, and once as over where it was told as opened. One of which it was told that
     * it is over, and which is not, is told as opened anew: else everybody goes on believing that all is well.
     */
    async add(channel: string, incidentId: string, kind: 'opened' | 'cleared', at: number): Promise<void> {
      await db.transaction().execute(async (trx) => {
        const told = await trx
          .selectFrom('notices')
          .select(['kind', 'sent_at'])
          .where('channel', '=', channel)
          .where('incident_id', '=', incidentId)
          .execute();
        if (kind === 'cleared' && told.length === 0) return;
        if (kind === 'opened' && told.some((one) => one.kind === 'cleared' && one.sent_at !== null))
          await trx
            .deleteFrom('notices')
            .where('channel', '=', channel)
            .where('incident_id', '=', incidentId)
            .execute();
        await trx
          .insertInto('notices')
          .values({ channel, incident_id: incidentId, kind, at, sent_at: null })
          .onConflict((conflict) => conflict.columns(['channel', 'incident_id', 'kind']).doNothing())
          .execute();
      });
    },
    /** Incidents told as opened since then, and not as over. */
    async unfinished(since: number): Promise<string[]> {
      const rows = await db
        .selectFrom('notices')
        .select('incident_id')
        .where('at', '>', since)
        .groupBy(['channel', 'incident_id'])
        .having(({ fn }) => fn.countAll(), '=', 1)
        .execute();
      return [...new Set(rows.map(({ incident_id }) => incident_id))];
    },
    /**
     * What waits of so many incidents, in the order in which it happened: of those tried least, and of these the newest.
     * What a receiver does not take must not stand before what it would, nor yesterday's news before today's.
     */
    async waiting(channel: string, incidents: number) {
      const first = db
        .selectFrom('notices')
        .select('incident_id')
        .where('channel', '=', channel)
        .where('sent_at', 'is', null)
        .groupBy('incident_id')
        .orderBy(({ fn }) => fn.min('tries'))
        .orderBy(({ fn }) => fn.max('id'), 'desc')
        .limit(incidents);
      return db
        .selectFrom('notices')
        .select(['id', 'incident_id', 'kind', 'at'])
        .where('channel', '=', channel)
        .where('sent_at', 'is', null)
        .where('incident_id', 'in', first)
        .orderBy('id')
        .execute();
    },
    /** No longer true before it went out: told anew when it is again. */
    drop: (id: number) => db.deleteFrom('notices').where('id', '=', id).execute(),
    async sent(channel: string, ids: readonly number[], at: number, took: boolean): Promise<void> {
      await db.transaction().execute(async (trx) => {
        if (ids.length > 0)
          await trx.updateTable('notices').set({ sent_at: at }).where('id', 'in', ids).execute();
        await trx
          .deleteFrom('notices')
          .where('at', '<', at - KEPT_MS)
          .where('sent_at', 'is not', null)
          .execute();
        if (took) await note(trx, channel, { sent_at: at });
      });
    },
    async failed(channel: string, ids: readonly number[], at: number, problem: string): Promise<void> {
      await db.transaction().execute(async (trx) => {
        if (ids.length > 0)
          await trx
            .updateTable('notices')
            .set(({ eb }) => ({ tries: eb('tries', '+', 1) }))
            .where('id', 'in', ids)
            .execute();
        await note(trx, channel, { failed_at: at, problem });
      });
    },
    /**
     * Gives up what waits since before then, or was tried so often.
     * @param record keeps of which incidents, in the same transaction
     * @returns how many notices
     */
    async giveUp(
      channel: string,
      { before, tries, at }: { before: number; tries: number; at: number },
      record: (trx: Transaction<Database>, incidents: string[]) => Promise<void>,
    ): Promise<number> {
      return db.transaction().execute(async (trx) => {
        const rows = await trx
          .selectFrom('notices')
          .select(['id', 'incident_id'])
          .where('channel', '=', channel)
          .where('sent_at', 'is', null)
          .where(({ eb, or }) => or([eb('at', '<', before), eb('tries', '>=', tries)]))
          .limit(GIVEN_UP_AT_ONCE)
          .execute();
        if (rows.length === 0) return 0;
        const ids = rows.map(({ id }) => id);
        await trx.updateTable('notices').set({ sent_at: at }).where('id', 'in', ids).execute();
        await note(trx, channel, { given_up_at: at });
        await trx
          .updateTable('notice_receivers')
          .set(({ eb }) => ({ given_up: eb('given_up', '+', rows.length) }))
          .where('channel', '=', channel)
          .execute();
        await record(trx, [...new Set(rows.map(({ incident_id }) => incident_id))]);
        return rows.length;
      });
    },
    async countWaiting(channel: string): Promise<number> {
      const row = await db
        .selectFrom('notices')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .where('channel', '=', channel)
        .where('sent_at', 'is', null)
        .executeTakeFirstOrThrow();
      return row.count;
    },
    record: (channel: string) =>
      db.selectFrom('notice_receivers').selectAll().where('channel', '=', channel).executeTakeFirst(),
  };
}
export type Outbox = ReturnType<typeof createOutbox>;

type Change = Partial<
  Pick<Database['notice_receivers'], 'sent_at' | 'failed_at' | 'problem' | 'given_up_at'>
>;

async function note(trx: Transaction<Database>, channel: string, change: Change): Promise<void> {
  await trx
    .insertInto('notice_receivers')
    .values({ channel, sent_at: null, failed_at: null, problem: null, given_up_at: null, ...change })
    .onConflict((conflict) => conflict.column('channel').doUpdateSet(change))
    .execute();
}
