import type { Kysely } from 'kysely';

/** Who keeps a device working, where that is not its owner. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('device')
    .addColumn('contractor', 'text', (column) => column.notNull().defaultTo(''))
    .execute();
}
