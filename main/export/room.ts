import { statfs } from 'node:fs/promises';
import { AppError } from '../base/errors.ts';

/** Exports never take the last of a disk: recording keeps two of these gigabytes free by deleting old footage. */
export const KEEP_FREE_BYTES = 3 * 2 ** 30;
/** While it is made a copy lies on the disk twice: as pieces or files, and joined. */
const TWICE = 2;

export interface RoomInput {
  folder: string;
  /** Most bytes of finished and expected exports together. */
  quotaBytes: number;
  /** Bytes that finished exports hold and those going on are expected to. */
  usedBytes: number;
}

/** Bytes that one more export may have: what is left of the quota, and of the disk. */
export async function roomLeft({ folder, quotaBytes, usedBytes }: RoomInput): Promise<number> {
  return Math.max(0, Math.min(quotaBytes - usedBytes, ((await freeBytes(folder)) - KEEP_FREE_BYTES) / TWICE));
}

export async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

export const noRoom = (needed: number, left: number) =>
  new AppError(
    'export-no-room',
    507,
    `The export needs about ${gigabytes(needed)} GB, and ${gigabytes(left)} GB are left for exports. Remove finished exports, or ask for a shorter range.`,
    { neededGb: gigabytes(needed), leftGb: gigabytes(left) },
  );

const gigabytes = (bytes: number): number => Math.ceil(bytes / 1e7) / 100;
