import { type Box, typeNumber } from './mp4-boxes.ts';

/** Seconds between the epochs of NTP (1900) and of UTC milliseconds (1970). */
const NTP_EPOCH_S = 2_208_988_800;
const PRFT = typeNumber('prft');
/** Version 1 and no flags. */
const VERSION_1 = 0x0100_0000;

/**
 * A ProducerReferenceTimeBox (ISO/IEC 14496-12 section 8.16.5, version 1): says at which UTC time the frame
 * at `mediaTime` (not negative) was. One stands before each part, so that a file alone tells when its pictures were
 * taken. Written where the part grows: it takes `PRFT_BYTES`.
 */
export function writePrft(into: Buffer, at: number, trackId: number, utcMs: number, mediaTime: number): void {
  into.writeUInt32BE(PRFT_BYTES, at);
  into.writeUInt32BE(PRFT, at + 4);
  into.writeUInt32BE(VERSION_1, at + 8);
  into.writeUInt32BE(trackId, at + 12);
  const seconds = Math.floor(utcMs / 1000);
  into.writeUInt32BE((seconds + NTP_EPOCH_S) >>> 0, at + 16);
  const fraction = Math.round(((utcMs - seconds * 1000) / 1000) * 2 ** 32);
  into.writeUInt32BE(Math.min(0xffff_ffff, fraction), at + 20);
  into.writeUInt32BE(Math.floor(mediaTime / 2 ** 32), at + 24);
  into.writeUInt32BE(mediaTime % 2 ** 32, at + 28);
}

export const PRFT_BYTES = 32;

/** The UTC ms and media time that a `prft` box holds; undefined for a version other than ours. */
export function readPrft(bytes: Buffer, box: Box): { utcMs: number; mediaTime: number } | undefined {
  if (box.end - box.start !== PRFT_BYTES || bytes.readUInt8(box.body) !== 1) return undefined;
  const seconds = bytes.readUInt32BE(box.body + 8) - NTP_EPOCH_S;
  const fraction = bytes.readUInt32BE(box.body + 12) / 2 ** 32;
  return { utcMs: (seconds + fraction) * 1000, mediaTime: Number(bytes.readBigUInt64BE(box.body + 16)) };
}
