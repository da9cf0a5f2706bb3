import { type Kysely, sql } from 'kysely';

/** Footage of several tracks of one camera; a camera's second stream and its sound. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('recording_file')
    .addColumn('track', 'text', (column) => column.notNull().defaultTo('main'))
    .execute();
  await db.schema.dropIndex('recording_file_by_camera').execute();
  await db.schema.dropIndex('recording_file_by_time').execute();
  await db.schema
    .createIndex('recording_file_by_camera')
    .on('recording_file')
    .columns(['camera_id', 'track', 'first_msn'])
    .unique()
    .execute();
  await db.schema
    .createIndex('recording_file_by_time')
    .on('recording_file')
    .columns(['camera_id', 'track', 'start_ms'])
    .execute();
  // A primary key cannot be altered: the table is made anew.
  await db.schema.alterTable('recording_expiry').renameTo('recording_expiry_old').execute();
  await db.schema
    .createTable('recording_expiry')
    .addColumn('camera_id', 'text', (column) => column.notNull())
    .addColumn('track', 'text', (column) => column.notNull())
    .addColumn('until_ms', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('recording_expiry_key', ['camera_id', 'track'])
    .execute();
  await sql`insert into recording_expiry (camera_id, track, until_ms)
    select camera_id, 'main', until_ms from recording_expiry_old`.execute(db);
  await db.schema.dropTable('recording_expiry_old').execute();

  await db.schema.alterTable('device').addColumn('second_host', 'text').execute();
  await db.schema.alterTable('device').addColumn('second_sealed', 'text').execute();
  await db.schema
    .alterTable('device')
    .addColumn('sound', 'integer', (column) => column.notNull().defaultTo(1))
    .execute();
  await db.schema.alterTable('device').addColumn('sound_hint', 'text').execute();
}
