import type { Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('walls')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('owner_id', 'text', (column) => column.notNull())
    .addColumn('owner_name', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('unit', 'text')
    .addColumn('unit_key', 'text')
    .addColumn('content', 'text', (column) => column.notNull())
    .addColumn('tour', 'text')
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('updated_at', 'integer', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('walls_by_owner').on('walls').column('owner_id').execute();
  await db.schema.createIndex('walls_by_unit').on('walls').column('unit_key').execute();
}
