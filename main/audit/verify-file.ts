import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import SqliteConnection from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';
import { AppError, messageOf } from '../base/errors.ts';
import type { Database } from '../storage/tables.ts';
import { auditKeyFile, headFileOf } from './head-file.ts';
import type { AuditVerdict } from './types.ts';
import { verifyChain } from './verify.ts';

/**
 * Verifies the audit log of a stopped or running hub without writing anything into it.
 * @throws AppError `no-audit-log`, `audit-key-broken`, `database-broken`
 */
export async function verifyAuditFile(dataDir: string): Promise<AuditVerdict> {
  const file = join(dataDir, 'kalancha.db');
  if (!existsSync(file))
    throw new AppError('no-audit-log', 404, `There is no audit log in ${dataDir}: it holds no kalancha.db.`, {
      dataDir,
    });
  const publicKey = readPublicKey(auditKeyFile(dataDir));
  const connection = openReadOnly(file);
  const db = new Kysely<Database>({ dialect: new SqliteDialect({ database: connection }) });
  try {
    return await verifyChain(db, { publicKey, headFile: headFileOf(auditKeyFile(dataDir)) });
  } catch (error) {
    throw broken(file, error);
  } finally {
    await db.destroy();
  }
}

function openReadOnly(file: string): SqliteConnection.Database {
  try {
    const connection = new SqliteConnection(file, { readonly: true, fileMustExist: true });
    connection.pragma('busy_timeout = 5000');
    return connection;
  } catch (error) {
    throw broken(file, error);
  }
}

const broken = (file: string, error: unknown) =>
  new AppError(
    'database-broken',
    500,
    `The audit log in ${file} cannot be read (${messageOf(error)}). Verify a backup of it.`,
    { file },
    { cause: error },
  );

function readPublicKey(keyFile: string): KeyObject {
  try {
    return createPublicKey(createPrivateKey(readFileSync(keyFile)));
  } catch (error) {
    throw new AppError(
      'audit-key-broken',
      500,
      `The key that signs the audit log, ${keyFile}, cannot be read (${messageOf(error)}). Restore it from a backup.`,
      { file: keyFile },
      { cause: error },
    );
  }
}
