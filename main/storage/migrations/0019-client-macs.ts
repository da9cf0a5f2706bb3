import { type Kysely, sql } from 'kysely';

/** Samples of broken messages were kept as they came; from now on they name no client. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`UPDATE quarantine SET sample = ''`.execute(db);
}
