import * as zlib from 'node:zlib';
import { CorruptHistory } from './bytes.ts';

const ZSTD = 1;
const DEFLATE = 2;
const COLUMNS = 3;
/** No block of ours unpacks to more: protects against a broken file. */
const MAX_UNPACKED = 64 * 1024 * 1024;

/** zstd's level: what is packed so is merged within hours. */
const LEVEL = 12;

/** Marks bytes in which every bit is needed already: compressing them would only cost time. */
export function asColumns(bytes: Uint8Array): Uint8Array {
  const marked = new Uint8Array(bytes.length + 1);
  marked[0] = COLUMNS;
  marked.set(bytes, 1);
  return marked;
}

/** What `asColumns` marked; undefined for what earlier versions compressed. */
export const columnsIn = (blob: Uint8Array): Uint8Array | undefined =>
  blob[0] === COLUMNS ? blob.subarray(1) : undefined;

/** zstd where the host's zlib has it, deflate where not; the first byte tells which. */
export function pack(bytes: Uint8Array): Buffer {
  if (typeof zlib.zstdCompressSync === 'function') {
    const params = { [zlib.constants.ZSTD_c_compressionLevel]: LEVEL };
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
