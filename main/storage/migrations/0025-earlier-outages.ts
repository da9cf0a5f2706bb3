import type { Kysely } from 'kysely';

/** A device that one incident took down again: its earlier stretches, which reports reckon with. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('incident_earlier')
    .addColumn('incident_id', 'text', (column) => column.notNull())
    .addColumn('num', 'integer', (column) => column.notNull())
    .addColumn('since', 'bigint', (column) => column.notNull())
    .addColumn('until', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex('incident_earlier_by_device')
    .on('incident_earlier')
    .columns(['num', 'until'])
    .execute();
}
