import type { Kysely } from 'kysely';
import type { Database } from '../storage/tables.ts';

/** A message holds no more than this; the rest is counted in the next. */
export const NOTICES_A_MESSAGE = 100;
export const KEPT_MS = 30 * 86_400_000;

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
    waiting: (channel: string) =>
      db
        .selectFrom('notices')
        .select(['id', 'incident_id', 'kind', 'at'])
        .where('channel', '=', channel)
        .where('sent_at', 'is', null)
        .orderBy('id')
        .limit(NOTICES_A_MESSAGE)
        .execute(),
    /** No longer true before it went out: told anew when it is again. */
    drop: (id: number) => db.deleteFrom('notices').where('id', '=', id).execute(),
    async sent(ids: readonly number[], at: number): Promise<void> {
      await db.updateTable('notices').set({ sent_at: at }).where('id', 'in', ids).execute();
      await db
        .deleteFrom('notices')
        .where('at', '<', at - KEPT_MS)
        .execute();
    },
  };
}
export type Outbox = ReturnType<typeof createOutbox>;
