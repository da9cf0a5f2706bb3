import { type Kysely, sql } from 'kysely';

/** Whoever was down in an incident that another one took in stayed down in it for ever. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`update incident_members
    set until = (select resolved_at from incidents where incidents.id = incident_members.incident_id)
    where until is null
      and incident_id in (select id from incidents where resolved_at is not null)`.execute(db);
}
