import { createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { join } from 'node:path';
import { canonicalJson } from '../audit/canonical.ts';
import { AppError } from '../base/errors.ts';
import { openSigningKey } from '../base/signing-key.ts';

/** The key that a hub signs copies of its footage with. */
export interface ExportKey {
  /** Made at this start: the first, or the file was lost. */
  made: boolean;
  /** SubjectPublicKeyInfo as PEM. */
  publicKey: string;
  fingerprint: string;
  /** Ed25519 signature (RFC 8032) over the manifest, base64url. */
  sign(manifest: unknown): string;
}

/** Where a hub keeps it. A key of its own: it outlives the audit log's, and courts know it by its fingerprint. */
export const exportKeyFile = (dataDir: string): string => join(dataDir, 'export-key.pem');

/** SHA-256 of the key's SubjectPublicKeyInfo (DER), hex. */
export const fingerprintOf = (key: KeyObject): string =>
  createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('hex');

export const pemOf = (key: KeyObject): string => key.export({ type: 'spki', format: 'pem' }).toString();

/** What is signed. `what` keeps it from passing for anything else that a key of the hub may sign. */
const statement = (manifest: unknown): Buffer =>
  Buffer.from(canonicalJson({ v: 1, what: 'kalancha-export', manifest }));

/** Does the signature fit? A signature spelled in another way than `sign` spells it does not. */
export function isSigned(key: KeyObject, manifest: unknown, signature: string): boolean {
  const bytes = Buffer.from(signature, 'base64url');
  return bytes.toString('base64url') === signature && verify(null, statement(manifest), key, bytes);
}

/** Reads a public key as PEM. Undefined when it is none, or not Ed25519. */
export function readPublicKey(pem: string): KeyObject | undefined {
  try {
    const key = createPublicKey(pem);
    return key.asymmetricKeyType === 'ed25519' ? key : undefined;
  } catch {
    // Whatever it is, it is no key: the caller says so in his own words.
    return undefined;
  }
}

/** Reads the hub's key, or makes one that only the owner can read. @throws AppError `export-key-broken` */
export function openExportKey(file: string): ExportKey {
  const { key, publicKey, made } = openSigningKey(
    file,
    (why, cause) =>
      new AppError(
        'export-key-broken',
        500,
        `The key that signs exports, ${file}, cannot be read (${why}). Restore it from a backup.`,
        { file },
        { cause },
      ),
  );
  return {
    made,
    publicKey: pemOf(publicKey),
    fingerprint: fingerprintOf(publicKey),
    sign: (manifest) => sign(null, statement(manifest), key).toString('base64url'),
  };
}
