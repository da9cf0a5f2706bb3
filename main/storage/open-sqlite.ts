import { dirname } from 'node:path';
import SqliteConnection from 'better-sqlite3';
import { Kysely, type SqliteDatabase, SqliteDialect, type SqliteStatement } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import { AppError, messageOf } from '../base/errors.ts';

/** Pages that SQLite keeps to itself; the system's own cache holds the file beside. It would take 16 MB a connection. */
const CACHE_KB = 4_096;

export interface OpenDatabase<Tables> {
  readonly db: Kysely<Tables>;
  stop(): Promise<void>;
}

const NOTHING_DONE: SqliteStatement = {
  reader: false,
  all: () => [],
  run: () => ({ changes: 0, lastInsertRowid: 0 }),
  iterate: () => [].values(),
};

/** A full or failing disk makes SQLite end the transaction itself; a second `rollback` would fail and hide why. */
const withoutSecondRollback = (connection: SqliteConnection.Database): SqliteDatabase => ({
  close: () => {
    connection.close();
  },
  prepare: (sql) =>
    sql === 'rollback' && !connection.inTransaction ? NOTHING_DONE : connection.prepare(sql),
});

/**
 * Opens (or makes) one database file and brings it up to date. WAL with `synchronous=FULL`: what was committed
 * survives a power cut. `nativeBinding` names another build of better-sqlite3's addon, for hosts that need one.
 * @throws AppError `database-broken`, `database-newer`
 */
export async function openSqlite<Tables>(
  file: string,
  migrations: Record<string, Migration>,
  nativeBinding?: string,
): Promise<OpenDatabase<Tables>> {
  let connection: SqliteConnection.Database;
  try {
    connection = new SqliteConnection(file, nativeBinding ? { nativeBinding } : {});
    connection.pragma('journal_mode = WAL');
    connection.pragma('synchronous = FULL');
    connection.pragma('foreign_keys = ON');
    connection.pragma('busy_timeout = 5000');
    connection.pragma(`cache_size = -${CACHE_KB}`);
  } catch (error) {
    throw new AppError(
      'database-broken',
      500,
      `The database ${file} cannot be opened (${messageOf(error)}). Restore it from a backup, or start with another --data folder.`,
      { file },
      { cause: error },
    );
  }
  const db = new Kysely<Tables>({
    dialect: new SqliteDialect({ database: withoutSecondRollback(connection) }),
  });
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } });
  const { error } = await migrator.migrateToLatest();
  if (error) {
    await db.destroy();
    if (/corrupted migrations|missing/i.test(messageOf(error)))
      throw new AppError(
        'database-newer',
        500,
        `The data in ${dirname(file)} was written by a newer Kalancha. Install that version, or start with another --data folder.`,
        { dataDir: dirname(file) },
        { cause: error },
      );
    throw new AppError(
      'database-broken',
      500,
      `The database ${file} could not be brought up to date (${messageOf(error)}).`,
      { file },
      { cause: error },
    );
  }
  return { db, stop: () => db.destroy() };
}
