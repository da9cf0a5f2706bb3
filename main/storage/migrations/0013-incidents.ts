import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('status_changes').addColumn('base', 'text').execute();
  await db.schema
    .createTable('incidents')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('cause', 'text', (column) => column.notNull())
    .addColumn('severity', 'text', (column) => column.notNull())
    .addColumn('num', 'integer')
    .addColumn('area', 'text')
    .addColumn('subject', 'text')
    .addColumn('reason', 'text', (column) => column.notNull())
    .addColumn('found_at_start', 'integer', (column) => column.notNull())
    .addColumn('opened_at', 'bigint', (column) => column.notNull())
    .addColumn('cleared_at', 'bigint')
    .addColumn('resolved_at', 'bigint')
    .addColumn('taken_by', 'text')
    .addColumn('taken_name', 'text')
    .addColumn('taken_at', 'bigint')
    .addColumn('muted_until', 'bigint')
    .execute();
  await db.schema
    .createIndex('incidents_by_time')
    .on('incidents')
    .columns(['resolved_at', 'opened_at'])
    .execute();
  // For pages of what is over: years of them are not sorted anew for each.
  await sql`create index incidents_resolved on incidents (opened_at) where resolved_at is not null`.execute(
    db,
  );
  await db.schema.createIndex('incidents_by_device').on('incidents').columns(['num', 'opened_at']).execute();
  await db.schema
    .createTable('incident_members')
    .addColumn('incident_id', 'text', (column) => column.notNull())
    .addColumn('num', 'integer', (column) => column.notNull())
    .addColumn('since', 'bigint', (column) => column.notNull())
    .addColumn('until', 'bigint')
    .addPrimaryKeyConstraint('incident_members_once', ['incident_id', 'num'])
    .execute();
  await db.schema.createIndex('incident_members_by_device').on('incident_members').column('num').execute();
  await db.schema
    .createTable('incident_notes')
    .addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement())
    .addColumn('incident_id', 'text', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('person_id', 'text')
    .addColumn('person_name', 'text')
    .addColumn('text', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex('incident_notes_by_incident')
    .on('incident_notes')
    .columns(['incident_id', 'id'])
    .execute();
  await db.schema
    .createTable('maintenance_windows')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('scope', 'text', (column) => column.notNull())
    .addColumn('from_ms', 'bigint', (column) => column.notNull())
    .addColumn('until_ms', 'bigint', (column) => column.notNull())
    .addColumn('reason', 'text', (column) => column.notNull())
    .addColumn('made_by', 'text', (column) => column.notNull())
    .addColumn('made_name', 'text', (column) => column.notNull())
    .addColumn('made_at', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('maintenance_by_end').on('maintenance_windows').column('until_ms').execute();
}
