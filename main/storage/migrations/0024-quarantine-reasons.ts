import type { Kysely } from 'kysely';

/** What was refused of each device, by reason, with the newest sample; `quarantine` keeps the sum of each device. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('quarantine_reasons')
    .addColumn('num', 'integer', (column) => column.notNull())
    .addColumn('tongue', 'text', (column) => column.notNull())
    .addColumn('reason', 'text', (column) => column.notNull())
    .addColumn('count', 'integer', (column) => column.notNull())
    .addColumn('first_at', 'bigint', (column) => column.notNull())
    .addColumn('last_at', 'bigint', (column) => column.notNull())
    .addColumn('topic', 'text', (column) => column.notNull())
    .addColumn('place', 'text')
    .addColumn('detail', 'text')
    .addColumn('sample', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('quarantine_reasons_key', ['num', 'tongue', 'reason'])
    .execute();
  await db.schema.alterTable('quarantine').dropColumn('sample').execute();
}
