import type { Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('health_states')
    .addColumn('num', 'integer', (column) => column.primaryKey())
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('reason', 'text', (column) => column.notNull())
    .addColumn('since', 'bigint', (column) => column.notNull())
    .addColumn('session', 'bigint')
    .addColumn('seq', 'bigint')
    .addColumn('last_rx_at', 'bigint')
    .addColumn('heartbeat_ms', 'integer', (column) => column.notNull())
    .addColumn('flags', 'integer', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('health_contacts')
    .addColumn('chunk', 'integer', (column) => column.primaryKey())
    .addColumn('data', 'blob', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('status_changes')
    .addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement())
    .addColumn('num', 'integer', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('reason', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex('status_changes_by_device')
    .on('status_changes')
    .columns(['num', 'id'])
    .execute();
  await db.schema
    .createTable('session_resets')
    .addColumn('num', 'integer', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('old_session', 'bigint', (column) => column.notNull())
    .addColumn('new_session', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('device_events')
    .addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement())
    .addColumn('num', 'integer', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('session', 'bigint', (column) => column.notNull())
    .addColumn('seq', 'bigint', (column) => column.notNull())
    .addColumn('ts', 'bigint', (column) => column.notNull())
    .addColumn('type', 'text', (column) => column.notNull())
    .addColumn('severity', 'text', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .addUniqueConstraint('device_events_once', ['num', 'session', 'seq', 'ts'])
    .execute();
  await db.schema
    .createTable('quarantine')
    .addColumn('num', 'integer', (column) => column.primaryKey())
    .addColumn('count', 'integer', (column) => column.notNull())
    .addColumn('last_reason', 'text', (column) => column.notNull())
    .addColumn('last_at', 'bigint', (column) => column.notNull())
    .addColumn('sample', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('message_journal')
    .addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement())
    .addColumn('messages', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('health_alive')
    .addColumn('id', 'integer', (column) => column.primaryKey())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('device_credentials')
    .addColumn('device_id', 'text', (column) => column.primaryKey())
    .addColumn('secret_hmac', 'blob', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .execute();
}
