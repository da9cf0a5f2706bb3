import { type Kysely, sql } from 'kysely';

/**
 * Booked stretches of footage, bookmarks, and what of each past day was recorded, packed. Triggers drop a packed
 * day whenever any of its files changes, whoever changed it: it can be missing, never wrong.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('hold')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('from_ms', 'integer', (column) => column.notNull())
    .addColumn('to_ms', 'integer', (column) => column.notNull())
    .addColumn('until_ms', 'integer', (column) => column.notNull())
    .addColumn('kept_until_ms', 'integer', (column) => column.notNull())
    .addColumn('basis', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('by_id', 'text', (column) => column.notNull())
    .addColumn('by_name', 'text', (column) => column.notNull())
    .addColumn('at', 'integer', (column) => column.notNull())
    .addColumn('approved_by_id', 'text')
    .addColumn('approved_by_name', 'text')
    .addColumn('approved_at', 'integer')
    .addColumn('ended_at', 'integer')
    .addColumn('ended_by_id', 'text')
    .addColumn('ended_by_name', 'text')
    .addColumn('end_reason', 'text')
    .addColumn('end_note', 'text')
    .execute();
  await db.schema.createIndex('hold_by_state').on('hold').columns(['state', 'id']).execute();
  await db.schema
    .createTable('hold_camera')
    .addColumn('hold_id', 'text', (column) => column.notNull().references('hold.id'))
    .addColumn('camera_id', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('hold_camera_key', ['hold_id', 'camera_id'])
    .execute();
  await db.schema
    .createIndex('hold_camera_by_camera')
    .on('hold_camera')
    .columns(['camera_id', 'hold_id'])
    .execute();

  await db.schema
    .createTable('bookmark')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('camera_id', 'text', (column) => column.notNull())
    .addColumn('at_ms', 'integer', (column) => column.notNull())
    .addColumn('to_ms', 'integer')
    .addColumn('title', 'text', (column) => column.notNull())
    .addColumn('search', 'text', (column) => column.notNull())
    .addColumn('shared', 'integer', (column) => column.notNull())
    .addColumn('by_id', 'text', (column) => column.notNull())
    .addColumn('by_name', 'text', (column) => column.notNull())
    .addColumn('created_at', 'integer', (column) => column.notNull())
    .addColumn('updated_at', 'integer', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('bookmark_by_time').on('bookmark').columns(['at_ms', 'id']).execute();
  await db.schema
    .createIndex('bookmark_by_camera')
    .on('bookmark')
    .columns(['camera_id', 'at_ms', 'id'])
    .execute();
  await db.schema
    .createIndex('bookmark_by_person')
    .on('bookmark')
    .columns(['by_id', 'at_ms', 'id'])
    .execute();

  await db.schema
    .createTable('recording_day')
    .addColumn('camera_id', 'text', (column) => column.notNull())
    .addColumn('track', 'text', (column) => column.notNull())
    .addColumn('day', 'integer', (column) => column.notNull())
    .addColumn('extents', 'blob', (column) => column.notNull())
    .addPrimaryKeyConstraint('recording_day_key', ['camera_id', 'track', 'day'])
    .execute();
  const forget = (row: 'new' | 'old') =>
    sql`delete from recording_day where camera_id = ${sql.ref(`${row}.camera_id`)}
      and track = ${sql.ref(`${row}.track`)} and day = ${sql.ref(`${row}.start_ms`)} / 86400000;`;
  await sql`create trigger recording_day_added after insert on recording_file
    begin ${forget('new')} end`.execute(db);
  await sql`create trigger recording_day_changed
    after update of camera_id, track, start_ms, end_ms, state, break_before on recording_file
    begin ${forget('old')} ${forget('new')} end`.execute(db);
  await sql`create trigger recording_day_removed after delete on recording_file
    begin ${forget('old')} end`.execute(db);

  await db.schema.createIndex('status_changes_by_time').on('status_changes').columns(['num', 'at']).execute();
  await db.schema.createIndex('device_events_by_time').on('device_events').columns(['num', 'at']).execute();
}
