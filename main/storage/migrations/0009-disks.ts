import { type Kysely, sql } from 'kysely';

/**
 * Disks for footage, and on which of them each file stands. Files recorded before stand on no known disk until
 * the folder that holds them is met at the next start.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('recording_disk')
    .addColumn('num', 'integer', (column) => column.primaryKey().autoIncrement())
    .addColumn('identity', 'text', (column) => column.notNull().unique())
    .addColumn('folder', 'text', (column) => column.unique())
    .addColumn('added_at', 'integer', (column) => column.notNull())
    .execute();
  await db.schema.alterTable('recording_file').addColumn('disk', 'integer').execute();
  // Sums and the oldest of a disk are read from these columns alone: rows carry their packed segments.
  await db.schema.dropIndex('recording_file_by_age').execute();
  await db.schema
    .createIndex('recording_file_by_age')
    .on('recording_file')
    .columns(['disk', 'end_ms', 'bytes', 'state'])
    .execute();
  await sql`create index recording_file_unsettled on recording_file (disk) where state <> 'closed'`.execute(
    db,
  );
}
