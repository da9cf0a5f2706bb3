import type { Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('blind_spans')
    .addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement())
    .addColumn('from_ms', 'bigint', (column) => column.notNull())
    .addColumn('until_ms', 'bigint')
    .addColumn('reason', 'text', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('blind_spans_by_end').on('blind_spans').column('until_ms').execute();
}
