import type { Kysely } from 'kysely';

/** How each way out of the hub does, over restarts; and how often a notice was tried in vain. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('notices')
    .addColumn('tries', 'integer', (column) => column.notNull().defaultTo(0))
    .execute();
  await db.schema
    .createTable('notice_receivers')
    .addColumn('channel', 'text', (column) => column.primaryKey())
    .addColumn('sent_at', 'bigint')
    .addColumn('failed_at', 'bigint')
    .addColumn('problem', 'text')
    .addColumn('given_up', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('given_up_at', 'bigint')
    .execute();
}
