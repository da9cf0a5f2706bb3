import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('command_runs')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('key', 'text', (column) => column.notNull())
    .addColumn('person_id', 'text', (column) => column.notNull())
    .addColumn('person_name', 'text', (column) => column.notNull())
    .addColumn('from_address', 'text', (column) => column.notNull())
    .addColumn('spec', 'text', (column) => column.notNull())
    .addColumn('reason', 'text', (column) => column.notNull())
    .addColumn('started_at', 'bigint', (column) => column.notNull())
    .addColumn('ended_at', 'bigint')
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('state_reason', 'text')
    .addColumn('stage', 'integer', (column) => column.notNull())
    .addColumn('stage_at', 'bigint', (column) => column.notNull())
    .addColumn('stages', 'text', (column) => column.notNull())
    .addColumn('forgiven', 'integer', (column) => column.notNull())
    .addColumn('expires_in_s', 'integer', (column) => column.notNull())
    .addColumn('stop_at_failed_pct', 'integer', (column) => column.notNull())
    .addColumn('pause_between_stages', 'integer', (column) => column.notNull())
    .addUniqueConstraint('command_runs_once', ['person_id', 'key'])
    .execute();
  await db.schema.createIndex('command_runs_by_time').on('command_runs').column('started_at').execute();
  await sql`create index command_runs_open on command_runs (id) where ended_at is null`.execute(db);
  await db.schema
    .createTable('commands')
    .addColumn('seq', 'integer', (column) => column.primaryKey().autoIncrement())
    .addColumn('id', 'text', (column) => column.notNull().unique())
    .addColumn('run_id', 'text', (column) => column.notNull())
    .addColumn('num', 'integer', (column) => column.notNull())
    .addColumn('device_id', 'text', (column) => column.notNull())
    .addColumn('device_name', 'text', (column) => column.notNull())
    .addColumn('device_kind', 'text', (column) => column.notNull())
    .addColumn('executor_id', 'text', (column) => column.notNull())
    .addColumn('port', 'text')
    .addColumn('stage', 'integer', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('reason', 'text')
    .addColumn('device_reason', 'text')
    .addColumn('before', 'text')
    .addColumn('after', 'text')
    .addColumn('asked_at', 'bigint', (column) => column.notNull())
    .addColumn('sent_at', 'bigint')
    .addColumn('published_at', 'bigint')
    .addColumn('expires_at', 'bigint')
    .addColumn('accepted_at', 'bigint')
    .addColumn('done_at', 'bigint')
    .addColumn('ended_at', 'bigint')
    .addColumn('waits_until', 'bigint')
    .execute();
  await db.schema.createIndex('commands_by_run').on('commands').columns(['run_id', 'seq']).execute();
  await db.schema.createIndex('commands_by_device').on('commands').columns(['num', 'seq']).execute();
}
