import { randomBytes, randomFillSync } from 'node:crypto';

/** UUID version 7 (RFC 9562 section 5.7): sorts by time and cannot collide between hubs. */
export function newId(nowMs: number): string {
  const bytes = new Uint8Array(16);
  randomFillSync(bytes);
  new DataView(bytes.buffer).setUint16(0, Math.floor(nowMs / 2 ** 32));
  new DataView(bytes.buffer).setUint32(2, nowMs % 2 ** 32);
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  const hex = Buffer.from(bytes).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** 256 random bits as URL-safe text: session tokens, generated passwords, per-launch tokens. */
export const newSecret = (): string => randomBytes(32).toString('base64url');
