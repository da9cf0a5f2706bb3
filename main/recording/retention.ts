import { rm, rmdir, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/logging.ts';
import type { TrackName } from '../contract/video.ts';
import type { FileIndex } from './file-index.ts';

export interface RetentionLimits {
  /** For cameras that name no days of their own. */
  defaultDays: number;
  /** All footage on this disk together; null is no limit but the disk itself. */
  maxBytes: number | null;
  /**
   * Oldest footage goes before less than this is free on the disk; never the last hour's, for a disk that
   * others fill would otherwise eat the whole archive.
   */
  minFreeBytes: number;
}

export interface RetentionServices {
  folder: string;
  index: FileIndex;
  clock: Clock;
  log: Logger;
  limits: RetentionLimits;
  /** Bytes of all indexed footage. */
  totalBytes(): number;
  onDeleted(bytes: number): void;
  /** Days of one camera; null for the default. */
  daysOf(cameraId: string): Promise<number | null>;
}

const DAY_MS = 86_400_000;
const KEPT_FOR_SPACE_MS = 3_600_000;
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
    const total = services.totalBytes();
    const free = await freeBytes(folder);
    const over = limits.maxBytes === null ? 0 : total - limits.maxBytes;
    const short = free === null ? 0 : limits.minFreeBytes - free;
    if (over <= 0 && short <= 0) break;
    const before = over > 0 ? Number.MAX_SAFE_INTEGER : clock.now() - KEPT_FOR_SPACE_MS;
    const chosen = [];
    let excess = over > 0 ? over : short;
    for (const file of await index.oldest(BATCH, before)) {
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
  { index, folder, clock, onDeleted }: RetentionServices,
  files: readonly {
    id: number;
    camera_id: string;
    track: TrackName;
    path: string;
    end_ms: number;
    bytes: number;
  }[],
): Promise<number> {
  await index.markDeleting(files);
  for (const file of files) await rm(join(folder, file.path), { force: true });
  await index.forget(files.map((file) => file.id));
  onDeleted(files.reduce((sum, file) => sum + file.bytes, 0));
  // Today's folder stays: a writer may be about to put a file there.
  const today = new Date(clock.now()).toISOString().slice(0, 10);
  for (const day of new Set(files.map((file) => dirname(file.path))))
    if (!day.endsWith(today)) await removeIfEmpty(join(folder, day));
  return files.length;
}

async function removeIfEmpty(path: string): Promise<void> {
  try {
    await rmdir(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (!['ENOTEMPTY', 'EEXIST', 'ENOENT'].includes(code)) throw error;
  }
}
