import * as zlib from 'node:zlib';
import { CorruptHistory } from './bytes.ts';

const ZSTD = 1;
const DEFLATE = 2;
/** No block of ours unpacks to more: protects against a broken file. */
const MAX_UNPACKED = 64 * 1024 * 1024;

/** zstd levels: what is packed every few minutes, and what is packed once and kept for years. */
export const QUICK = 12;
export const THOROUGH = 19;

/** zstd where the host's zlib has it, deflate where not; the first byte tells which. */
export function pack(bytes: Uint8Array, level = QUICK): Buffer {
  if (typeof zlib.zstdCompressSync === 'function') {
    const params = { [zlib.constants.ZSTD_c_compressionLevel]: level };
    return Buffer.concat([Buffer.of(ZSTD), zlib.zstdCompressSync(bytes, { params })]);
  }
  return Buffer.concat([Buffer.of(DEFLATE), zlib.deflateRawSync(bytes)]);
}

/** @throws CorruptHistory */
export function unpack(blob: Uint8Array): Uint8Array {
  const body = blob.subarray(1);
  // Room for all at once: piece by piece takes several times as long.
  const options = { maxOutputLength: MAX_UNPACKED, chunkSize: Math.max(1_024, body.length * 4) };
  try {
    if (blob[0] === ZSTD && typeof zlib.zstdDecompressSync === 'function')
      return zlib.zstdDecompressSync(body, options);
    if (blob[0] === DEFLATE) return zlib.inflateRawSync(body, options);
  } catch (error) {
    throw new CorruptHistory('stored history cannot be unpacked', { cause: error });
  }
  throw new CorruptHistory('stored history is packed in a way this program does not know');
}
