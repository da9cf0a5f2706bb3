import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { type AppError, messageOf } from './errors.ts';
import { writeSecretFile } from './secret-file.ts';

export interface SigningKey {
  key: KeyObject;
  publicKey: KeyObject;
  /** At this start: the first, or the file was lost. */
  made: boolean;
}

/**
 * Reads an Ed25519 key (RFC 8032), or makes one that only the owner can read.
 * @throws what `broken` makes of the reason, where the file holds no such key
 */
export function openSigningKey(file: string, broken: (why: string, cause: unknown) => AppError): SigningKey {
  const made = !existsSync(file);
  if (made) {
    const { privateKey } = generateKeyPairSync('ed25519');
    writeSecretFile(file, privateKey.export({ type: 'pkcs8', format: 'pem' }));
  }
  try {
    const key = createPrivateKey(readFileSync(file));
    if (key.asymmetricKeyType !== 'ed25519')
      throw new Error(`it holds a key of type ${key.asymmetricKeyType}`);
    return { key, publicKey: createPublicKey(key), made };
  } catch (error) {
    throw broken(messageOf(error), error);
  }
}
