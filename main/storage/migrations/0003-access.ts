import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('people')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('login', 'text', (column) => column.notNull().unique())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('unit', 'text', (column) => column.notNull())
    .addColumn('number', 'text', (column) => column.notNull())
    .addColumn('password_hash', 'text', (column) => column.notNull())
    .addColumn('locked', 'integer', (column) => column.notNull())
    .addColumn('demo', 'integer', (column) => column.notNull())
    .addColumn('created_at', 'integer', (column) => column.notNull())
    .addColumn('created_by', 'text')
    .addColumn('last_sign_in_at', 'integer')
    .execute();
  await db.schema
    .createTable('role_versions')
    .addColumn('role_id', 'text', (column) => column.notNull())
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('at', 'integer', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('actions', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('role_versions_pk', ['role_id', 'version'])
    .execute();
  await db.schema
    .createTable('grants')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('person_id', 'text', (column) => column.notNull().references('people.id'))
    .addColumn('role_id', 'text', (column) => column.notNull())
    .addColumn('scope_type', 'text', (column) => column.notNull())
    .addColumn('scope_id', 'text')
    .addColumn('effect', 'text', (column) => column.notNull())
    .addColumn('from_at', 'integer', (column) => column.notNull())
    .addColumn('until_at', 'integer')
    .addColumn('weekly', 'text')
    .addColumn('archive_hours', 'real')
    .addColumn('basis', 'text', (column) => column.notNull())
    .addColumn('granted_by', 'text', (column) => column.notNull())
    .addColumn('granted_at', 'integer', (column) => column.notNull())
    .addColumn('ended_at', 'integer')
    .addColumn('ended_by', 'text')
    .execute();
  await db.schema.createIndex('grants_person').on('grants').columns(['person_id', 'granted_at']).execute();
  await db.schema
    .createTable('sessions')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('token_hash', 'text', (column) => column.notNull().unique())
    .addColumn('person_id', 'text', (column) => column.notNull().references('people.id'))
    .addColumn('origin', 'text', (column) => column.notNull())
    .addColumn('created_at', 'integer', (column) => column.notNull())
    .addColumn('last_seen_at', 'integer', (column) => column.notNull())
    .addColumn('expires_at', 'integer', (column) => column.notNull())
    .execute();
  // Rights as of any past moment must stay answerable: a grant can be ended once, and nothing else.
  await sql`create trigger grants_only_end before update on grants
    when old.ended_at is not null or new.ended_at is null
      or new.id is not old.id or new.person_id is not old.person_id or new.role_id is not old.role_id
      or new.scope_type is not old.scope_type or new.scope_id is not old.scope_id
      or new.effect is not old.effect or new.from_at is not old.from_at
      or new.until_at is not old.until_at or new.weekly is not old.weekly
      or new.archive_hours is not old.archive_hours or new.basis is not old.basis
      or new.granted_by is not old.granted_by or new.granted_at is not old.granted_at
    begin select raise(abort, 'a grant can only be ended, once'); end`.execute(db);
  await sql`create trigger grants_stay before delete on grants
    begin select raise(abort, 'a grant can only be ended'); end`.execute(db);
  await sql`create trigger role_versions_fixed before update on role_versions
    begin select raise(abort, 'a role gets a new version'); end`.execute(db);
  await sql`create trigger role_versions_stay before delete on role_versions
    begin select raise(abort, 'a role gets a new version'); end`.execute(db);
}
