import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { AppError, messageOf } from '../base/errors.ts';

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const VERSION = 1;

/** Keeps secrets in the database unreadable to whoever has the database alone. */
export interface Sealer {
  /** `context` names what the secret belongs to: sealed text moved elsewhere does not open. */
  seal(text: string, context: string): string;
  /** @throws Error when the text was sealed with another key or for another context, or was changed */
  open(sealed: string, context: string): string;
}

/** AES-256-GCM (NIST SP 800-38D) with a random nonce for every text. `key` is 32 bytes. */
export function createSealer(key: Uint8Array): Sealer {
  if (key.length !== KEY_BYTES) throw new Error(`a sealing key has ${KEY_BYTES} bytes`);
  return {
    seal(text, context) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', key, nonce);
      cipher.setAAD(Buffer.from(context));
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Buffer.concat([Buffer.of(VERSION), nonce, cipher.getAuthTag(), body]).toString('base64url');
    },
    open(sealed, context) {
      const bytes = Buffer.from(sealed, 'base64url');
      const bodyAt = 1 + NONCE_BYTES + TAG_BYTES;
      if (bytes.length < bodyAt || bytes[0] !== VERSION) throw new Error('not a sealed text');
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(1, 1 + NONCE_BYTES), {
        authTagLength: TAG_BYTES,
      });
      decipher.setAAD(Buffer.from(context));
      decipher.setAuthTag(bytes.subarray(1 + NONCE_BYTES, bodyAt));
      return Buffer.concat([decipher.update(bytes.subarray(bodyAt)), decipher.final()]).toString('utf8');
    },
  };
}

/**
 * Reads the hub's sealing key from `file`, or makes one there that only its owner can read.
 * @throws AppError `key-unreadable`
 */
export function loadSealingKey(file: string): Buffer {
  try {
    writeFileSync(file, randomBytes(KEY_BYTES), { flag: 'wx', mode: 0o600, flush: true });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST'))
      throw unreadable(file, messageOf(error), error);
  }
  try {
    chmodSync(file, 0o600);
    const key = readFileSync(file);
    if (key.length !== KEY_BYTES) throw new Error(`it has ${key.length} bytes instead of ${KEY_BYTES}`);
    return key;
  } catch (error) {
    throw unreadable(file, messageOf(error), error);
  }
}

function unreadable(file: string, why: string, cause: unknown): AppError {
  return new AppError(
    'key-unreadable',
    500,
    `The key ${file} cannot be used (${why}). Restore it from a backup: without it the stored camera passwords cannot be read.`,
    { file },
    { cause },
  );
}
