import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** 256 random bits as text a device can keep. */
export const newDeviceSecret = (): string => randomBytes(32).toString('base64url');

/**
 * What is stored of a secret. A plain HMAC is right here and a password hash would be wrong: the secret is
 * random and long, and a whole city reconnects at once.
 */
export const hmacOfSecret = (key: Buffer, secret: string | Buffer): Buffer =>
  createHmac('sha256', key).update(secret).digest();

export const sameHmac = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && timingSafeEqual(a, b);
