import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import SqliteConnection from 'better-sqlite3';
import { AppError, messageOf } from './errors.ts';
import type { Stoppable } from './lifecycle.ts';

/**
 * Makes this process the only hub on a data folder. The lock is the operating system's (an exclusive SQLite
 * transaction), so it ends with the process however that ends: there is no stale lock file to remove.
 * @throws AppError `data-in-use`, `data-not-writable`
 */
export function lockDataDir(dataDir: string, nativeBinding?: string): Stoppable {
  let lock: SqliteConnection.Database;
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    lock = new SqliteConnection(join(dataDir, 'hub.lock'), {
      timeout: 0,
      ...(nativeBinding ? { nativeBinding } : {}),
    });
  } catch (error) {
    throw new AppError(
      'data-not-writable',
      500,
      `The data folder ${dataDir} cannot be written (${messageOf(error)}). Choose another with --data, or mend its owner and rights.`,
      { dataDir },
    );
  }
  try {
    lock.pragma('locking_mode = EXCLUSIVE');
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    if (/locked|busy/i.test(messageOf(error)))
      throw new AppError(
        'data-in-use',
        500,
        `Another hub is running on ${dataDir}. Stop it first, or give this one another folder with --data.`,
        { dataDir },
      );
    throw new AppError(
      'data-not-writable',
      500,
      `The data folder ${dataDir} cannot be written (${messageOf(error)}).`,
      { dataDir },
    );
  }
  return { stop: () => void lock.close() };
}
