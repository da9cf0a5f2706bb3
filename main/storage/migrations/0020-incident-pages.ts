import { type Kysely, sql } from 'kysely';

/** Pages of what is over go by moment and id: an outage opens thousands in one millisecond. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`drop index incidents_resolved`.execute(db);
  await sql`create index incidents_resolved on incidents (opened_at, id) where resolved_at is not null`.execute(
    db,
  );
}
