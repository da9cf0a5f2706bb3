import type { Kysely } from 'kysely';
import type { Database } from '../storage/tables.ts';

/** A message holds no more than this; the rest is counted in the next. */
export const NOTICES_A_MESSAGE = 100;
const KEPT_MS = 30 * 86_400_000;

/** What each channel has to tell and what it told: kept, so that a stop loses and repeats nothing. */
export function createOutbox(db: Kysely<Database>) {
  return {
    /** Each incident is told once as opened, and once as over where it was told as opened. */
    async add(channel: string, incidentId: string, kind: 'opened' | 'cleared', at: number): Promise<void> {
      if (kind === 'cleared') {
        const opened = await db
          .selectFrom('notices')
          .select('id')
          .where('channel', '=', channel)
          .where('incident_id', '=', incidentId)
          .where('kind', '=', 'opened')
          .executeTakeFirst();
        if (!opened) return;
      }
      await db
        .insertInto('notices')
        .values({ channel, incident_id: incidentId, kind, at, sent_at: null })
        .onConflict((conflict) => conflict.columns(['channel', 'incident_id', 'kind']).doNothing())
        .execute();
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
    /** Muted before it went out: told anew when the mute ends. */
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
