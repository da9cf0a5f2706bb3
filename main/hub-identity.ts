import type { Kysely } from 'kysely';
import type { Database } from './storage/tables.ts';

/** The name this hub keeps for life, given at its first start. Cookies and broker sessions are named by it. */
export async function hubIdentity(db: Kysely<Database>, newName: () => string): Promise<string> {
  const key = 'hub-id';
  await db
    .insertInto('meta')
    .values({ key, value: newName() })
    .onConflict((conflict) => conflict.column('key').doNothing())
    .execute();
  const row = await db.selectFrom('meta').select('value').where('key', '=', key).executeTakeFirstOrThrow();
  return row.value;
}
