import { type KeyObject, sign, verify } from 'node:crypto';
import { AppError } from '../base/errors.ts';
import { openSigningKey, type SigningKey } from '../base/signing-key.ts';
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

/** @throws AppError `audit-key-broken` */
export const openAuditKey = (keyFile: string): SigningKey =>
  openSigningKey(
    keyFile,
    (why, cause) =>
      new AppError(
        'audit-key-broken',
        500,
        `The key that signs the audit log, ${keyFile}, cannot be read (${why}). Restore it from a backup.`,
        { file: keyFile },
        { cause },
      ),
  );
