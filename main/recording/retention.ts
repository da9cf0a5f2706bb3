import { rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/logging.ts';
import type { FileIndex } from './file-index.ts';

export interface RetentionLimits {
  /** For cameras that name no days of their own. */
  defaultDays: number;
  /** All footage on this disk together; null is no limit but the disk itself. */
  maxBytes: number | null;
  /** Oldest footage goes before less than this is free on the disk. */
  minFreeBytes: number;
}

export interface RetentionServices {
  folder: string;
  index: FileIndex;
  clock: Clock;
  log: Logger;
  limits: RetentionLimits;
  /** Days of one camera; null for the default. */
  daysOf(cameraId: string): Promise<number | null>;
}

const DAY_MS = 86_400_000;
/** Deleted at once; between batches other work gets its turn. */
const BATCH = 100;

/** Bytes free for us on the disk of `folder`; null where the system does not tell. */
export async function freeBytes(folder: string): Promise<number | null> {
  try {
    const disk = await statfs(folder);
    return disk.bavail * disk.bsize;
  } catch {
    // Network file systems may refuse statfs: then only `maxBytes` limits, and state() says that free space is unknown.
    return null;
  }
}

/** Deletes what is over its days, then the oldest of all until both byte limits hold. @returns files deleted */
export async function keepLimits(services: RetentionServices): Promise<number> {
  const { index, clock, limits, daysOf, folder, log } = services;
  let deleted = 0;
  for (const cameraId of await index.cameraIds()) {
    const days = (await daysOf(cameraId)) ?? limits.defaultDays;
    for (;;) {
      const old = await index.oldest(BATCH, clock.now() - days * DAY_MS, cameraId);
      if (old.length === 0) break;
      deleted += await remove(services, old);
    }
  }
  for (;;) {
    const total = await index.totalBytes();
    const free = await freeBytes(folder);
    const over = limits.maxBytes === null ? 0 : total - limits.maxBytes;
    const short = free === null ? 0 : limits.minFreeBytes - free;
    let excess = Math.max(over, short);
    if (excess <= 0) break;
    const chosen = [];
    for (const file of await index.oldest(BATCH, Number.MAX_SAFE_INTEGER)) {
      if (excess <= 0) break;
      chosen.push(file);
      excess -= file.bytes;
    }
    if (chosen.length === 0) break;
    deleted += await remove(services, chosen);
    log.info({ files: chosen.length, total, free }, 'oldest footage deleted to keep the byte limits');
  }
  return deleted;
}

/** Rows first, bytes after: a row never names bytes that are gone. */
async function remove(
  { index, folder }: RetentionServices,
  files: readonly { id: number; camera_id: string; path: string; end_ms: number }[],
): Promise<number> {
  await index.markDeleting(files);
  for (const file of files) await rm(join(folder, file.path), { force: true });
  await index.forget(files.map((file) => file.id));
  return files.length;
}
