import type { Kysely } from 'kysely';

/** What looking at keyframes has learned and found. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('picture_learned')
    .addColumn('camera_id', 'text', (column) => column.primaryKey())
    .addColumn('normals', 'blob', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('picture_finding')
    .addColumn('camera_id', 'text', (column) => column.primaryKey())
    .addColumn('problem', 'text', (column) => column.notNull())
    .addColumn('since', 'integer', (column) => column.notNull())
    .addColumn('seen_at', 'integer', (column) => column.notNull())
    .addColumn('good_at', 'integer')
    .addColumn('shift', 'text', (column) => column.notNull())
    .addColumn('thumbnail', 'blob')
    .addColumn('thumbnail_at', 'integer')
    .execute();
}
