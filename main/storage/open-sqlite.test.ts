import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, expect, test } from 'vitest';
import { openSqlite } from './open-sqlite.ts';

const dir = mkdtempSync(join(tmpdir(), 'kalancha-sqlite-'));
afterEach(() => rmSync(dir, { recursive: true, force: true }));

test('why a transaction failed is told, also when SQLite ended it already, and the next one works', async () => {
  const { db, stop } = await openSqlite<{ t: { n: number } }>(join(dir, 'x.db'), {});
  await sql`create table t (n integer)`.execute(db);
  const failing = db.transaction().execute(async (trx) => {
    await trx.insertInto('t').values({ n: 1 }).execute();
    // As SQLite does by itself at SQLITE_FULL and SQLITE_IOERR.
    await sql`rollback`.execute(trx);
    throw new Error('database or disk is full');
  });
  await expect(failing).rejects.toThrow('database or disk is full');
  const refused = db.transaction().execute(async (trx) => {
    await trx.insertInto('t').values({ n: 2 }).execute();
    throw new Error('no');
  });
  await expect(refused).rejects.toThrow('no');
  await db.transaction().execute((trx) => trx.insertInto('t').values({ n: 3 }).execute());
  expect(await db.selectFrom('t').selectAll().execute()).toEqual([{ n: 3 }]);
  await stop();
});
