import type { Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('recording_file')
    .addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement())
    .addColumn('camera_id', 'text', (column) => column.notNull())
    .addColumn('path', 'text', (column) => column.notNull().unique())
    .addColumn('first_msn', 'integer', (column) => column.notNull())
    .addColumn('segment_count', 'integer', (column) => column.notNull())
    .addColumn('start_ms', 'integer', (column) => column.notNull())
    .addColumn('end_ms', 'integer', (column) => column.notNull())
    .addColumn('bytes', 'integer', (column) => column.notNull())
    .addColumn('init_hash', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('break_before', 'text')
    .addColumn('segments', 'blob', (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex('recording_file_by_camera')
    .on('recording_file')
    .columns(['camera_id', 'first_msn'])
    .unique()
    .execute();
  await db.schema
    .createIndex('recording_file_by_time')
    .on('recording_file')
    .columns(['camera_id', 'start_ms'])
    .execute();
  await db.schema.createIndex('recording_file_by_age').on('recording_file').columns(['end_ms']).execute();
  await db.schema
    .createTable('recording_init')
    .addColumn('camera_id', 'text', (column) => column.notNull())
    .addColumn('hash', 'text', (column) => column.notNull())
    .addColumn('bytes', 'blob', (column) => column.notNull())
    .addColumn('codec', 'text', (column) => column.notNull())
    .addColumn('width', 'integer', (column) => column.notNull())
    .addColumn('height', 'integer', (column) => column.notNull())
    .addColumn('timescale', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('recording_init_key', ['camera_id', 'hash'])
    .execute();
  await db.schema
    .createTable('recording_expiry')
    .addColumn('camera_id', 'text', (column) => column.primaryKey())
    .addColumn('until_ms', 'integer', (column) => column.notNull())
    .execute();
}
