import type { Kysely } from 'kysely';

/** In which older session a device that is shown as gone was still heard, so that a start knows why it is. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('health_states').addColumn('older_session', 'bigint').execute();
}
