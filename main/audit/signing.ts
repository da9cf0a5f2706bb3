import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { AppError, messageOf } from '../base/errors.ts';
import { writeSecretFile } from '../base/secret-file.ts';
import { canonicalJson } from './canonical.ts';

/** The end of the chain at one moment. `number` is that of the newest checkpoint, 0 before the first. */
export interface ChainMark {
  number: number;
  seq: number;
  hash: string;
  at: number;
}

/** What a checkpoint and the head file say under their signatures; `what` keeps one from passing for the other. */
const statement = (what: 'checkpoint' | 'head', mark: ChainMark) =>
  Buffer.from(
    canonicalJson({ v: 1, what, number: mark.number, seq: mark.seq, hash: mark.hash, at: mark.at }),
  );

/** Ed25519 signature (RFC 8032) as base64url. */
export const signMark = (key: KeyObject, what: 'checkpoint' | 'head', mark: ChainMark): string =>
  sign(null, statement(what, mark), key).toString('base64url');

export const markIsSigned = (
  key: KeyObject,
  what: 'checkpoint' | 'head',
  mark: ChainMark,
  signature: string,
): boolean => verify(null, statement(what, mark), key, Buffer.from(signature, 'base64url'));

/**
 * Reads the hub's signing key, or makes one that only the owner can read. `made` tells which.
 * @throws AppError `audit-key-broken`
 */
export function openSigningKey(keyFile: string): { key: KeyObject; publicKey: KeyObject; made: boolean } {
  const made = !existsSync(keyFile);
  if (made) {
    const { privateKey } = generateKeyPairSync('ed25519');
    writeSecretFile(keyFile, privateKey.export({ type: 'pkcs8', format: 'pem' }));
  }
  try {
    const key = createPrivateKey(readFileSync(keyFile));
    if (key.asymmetricKeyType !== 'ed25519')
      throw new Error(`it holds a key of type ${key.asymmetricKeyType}`);
    return { key, publicKey: createPublicKey(key), made };
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
