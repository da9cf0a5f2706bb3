import type { Box } from './mp4-boxes.ts';

/** Seconds between the epochs of NTP (1900) and of UTC milliseconds (1970). */
const NTP_EPOCH_S = 2_208_988_800;

/**
 * A ProducerReferenceTimeBox (ISO/IEC 14496-12 section 8.16.5, version 1): says at which UTC time the frame
 * at `mediaTime` was. One stands before each part, so that a file alone tells when its pictures were taken.
 */
export function prftBox(trackId: number, utcMs: number, mediaTime: number): Buffer {
  const box = Buffer.alloc(PRFT_BYTES);
  box.writeUInt32BE(PRFT_BYTES, 0);
  box.write('prft', 4, 'latin1');
  box.writeUInt8(1, 8);
  box.writeUInt32BE(trackId, 12);
  const seconds = Math.floor(utcMs / 1000);
  box.writeUInt32BE((seconds + NTP_EPOCH_S) >>> 0, 16);
  box.writeUInt32BE(Math.min(0xffff_ffff, Math.round(((utcMs - seconds * 1000) / 1000) * 2 ** 32)), 20);
  box.writeBigUInt64BE(BigInt(mediaTime), 24);
  return box;
}

export const PRFT_BYTES = 32;

/** The UTC ms and media time that a `prft` box holds; undefined for a version other than ours. */
export function readPrft(bytes: Buffer, box: Box): { utcMs: number; mediaTime: number } | undefined {
  if (box.end - box.start !== PRFT_BYTES || bytes.readUInt8(box.body) !== 1) return undefined;
  const seconds = bytes.readUInt32BE(box.body + 8) - NTP_EPOCH_S;
  const fraction = bytes.readUInt32BE(box.body + 12) / 2 ** 32;
  return { utcMs: (seconds + fraction) * 1000, mediaTime: Number(bytes.readBigUInt64BE(box.body + 16)) };
}
