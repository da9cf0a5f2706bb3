import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('audit_entries')
    .addColumn('seq', 'integer', (column) => column.primaryKey())
    .addColumn('at', 'integer', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('person_id', 'text')
    .addColumn('person_name', 'text', (column) => column.notNull())
    .addColumn('origin', 'text', (column) => column.notNull())
    .addColumn('subject', 'text', (column) => column.notNull())
    .addColumn('data', 'text', (column) => column.notNull())
    .addColumn('hash', 'text', (column) => column.notNull())
    .execute();
  for (const column of ['at', 'kind', 'person_id', 'subject'])
    await db.schema
      .createIndex(`audit_entries_${column}`)
      .on('audit_entries')
      .columns([column, 'seq'])
      .execute();
  await db.schema
    .createTable('audit_checkpoints')
    .addColumn('number', 'integer', (column) => column.primaryKey())
    .addColumn('seq', 'integer', (column) => column.notNull())
    .addColumn('hash', 'text', (column) => column.notNull())
    .addColumn('at', 'integer', (column) => column.notNull())
    .addColumn('signature', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('audit_verifications')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('at', 'integer', (column) => column.notNull())
    .addColumn('entries', 'integer', (column) => column.notNull())
    .addColumn('ok', 'integer', (column) => column.notNull())
    .addColumn('problem', 'text')
    .execute();
  // A fence against mistakes of our own; whoever can drop triggers is found by the chain and its signatures.
  for (const [table, counter] of [
    ['audit_entries', 'seq'],
    ['audit_checkpoints', 'number'],
  ] as const) {
    await sql`create trigger ${sql.raw(table)}_fixed before update on ${sql.raw(table)}
      begin select raise(abort, 'the audit log is append-only'); end`.execute(db);
    await sql`create trigger ${sql.raw(table)}_stay before delete on ${sql.raw(table)}
      begin select raise(abort, 'the audit log is append-only'); end`.execute(db);
    await sql`create trigger ${sql.raw(table)}_next before insert on ${sql.raw(table)}
      when new.${sql.raw(counter)} <> (select coalesce(max(${sql.raw(counter)}), 0) + 1 from ${sql.raw(table)})
      begin select raise(abort, 'the audit log has no gaps'); end`.execute(db);
  }
}
