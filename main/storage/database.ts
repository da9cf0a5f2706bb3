import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Kysely } from 'kysely';
import { migrations } from './migrations/index.ts';
import { openSqlite } from './open-sqlite.ts';
import type { Database } from './tables.ts';

export interface Storage {
  readonly db: Kysely<Database>;
  stop(): Promise<void>;
}

/**
 * Opens (or makes) the hub's database in `dataDir` and brings it up to date.
 * @throws AppError `database-broken`, `database-newer`
 */
export function openStorage(dataDir: string, nativeBinding?: string): Promise<Storage> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  return openSqlite<Database>(join(dataDir, 'kalancha.db'), migrations, nativeBinding);
}
