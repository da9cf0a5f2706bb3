import { dirname, join } from 'node:path';
import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/logging.ts';
import type { Disk } from './disks/disk-contract.ts';
import type { FileIndex } from './file-index.ts';
import type { HeldFootage } from './held.ts';
import type { HoldClock } from './hold-clock.ts';
import type { OldFile } from './index-write.ts';

export interface RetentionServices {
  index: FileIndex;
  clock: Clock;
  log: Logger;
  /** For cameras that name no days of their own. */
  defaultDays: number;
  /** Days of cameras that name their own. */
  ownDays(): Promise<ReadonlyMap<string, number>>;
  held: HeldFootage;
  /** By which days are counted: nothing goes by its days while the clock is in doubt. */
  days: HoldClock;
}

const DAY_MS = 86_400_000;
/** Never deleted for want of room: a disk that others fill would otherwise eat the whole archive. */
export const KEPT_FOR_SPACE_MS = 3_600_000;
/** Deleted at once; between batches other work gets its turn. */
const BATCH = 100;

/**
 * Deletes what is over its days on a disk, then the oldest of all until both its byte limits hold. Held footage
 * stays. @returns files deleted
 */
export async function keepLimits(services: RetentionServices, disk: Disk, num: number): Promise<number> {
  return (await keepDays(services, disk, num)) + (await keepRoom(services, disk, num));
}

async function keepDays(services: RetentionServices, disk: Disk, num: number): Promise<number> {
  const { index, days, defaultDays } = services;
  const now = days.due();
  if (now === undefined) return 0;
  const own = await services.ownDays();
  const cameras = (await index.cameraIds()).map((cameraId) => ({
    cameraId,
    before: now - (own.get(cameraId) ?? defaultDays) * DAY_MS,
  }));
  let deleted = 0;
  // One question for all of them: each minute almost none has anything that is over its days.
  for (const { cameraId, track, before } of await index.overdue(num, cameras)) {
    let after = { startMs: -1, id: 0 };
    for (;;) {
      const old = await index.oldestOf({ cameraId, track, disk: num }, BATCH, before, after);
      const last = old.at(-1);
      if (!last) break;
      after = { startMs: last.start_ms, id: last.id };
      deleted += (await remove(services, disk, old)).length;
    }
  }
  return deleted;
}

async function keepRoom(services: RetentionServices, disk: Disk, num: number): Promise<number> {
  const { index, clock, log } = services;
  const { maxBytes, minFreeBytes, folder } = disk.settings;
  let deleted = 0;
  let after = { endMs: -1, id: 0 };
  for (;;) {
    const { bytes } = disk.status();
    const free = await disk.fs.freeBytes(folder);
    const over = maxBytes === null ? 0 : bytes - maxBytes;
    const short = free === null ? 0 : minFreeBytes - free;
    if (over <= 0 && short <= 0) return deleted;
    const before = over > 0 ? Number.MAX_SAFE_INTEGER : clock.now() - KEPT_FOR_SPACE_MS;
    const chosen: OldFile[] = [];
    let excess = over > 0 ? over : short;
    for (const file of await index.oldest(num, BATCH, before, after)) {
      if (excess <= 0) break;
      chosen.push(file);
      excess -= file.bytes;
    }
    const last = chosen.at(-1);
    if (!last) return deleted;
    // What is held stays behind and is not looked at again in this round.
    after = { endMs: last.end_ms, id: last.id };
    const gone = await remove(services, disk, chosen);
    deleted += gone.length;
    if (gone.length > 0)
      log.info({ folder, files: gone.length, bytes, free }, 'oldest footage deleted to keep the byte limits');
  }
}

/** Rows first, bytes after: a row never names bytes that are gone. @returns what was deleted */
async function remove(
  { index, clock, held }: RetentionServices,
  disk: Disk,
  files: readonly OldFile[],
): Promise<OldFile[]> {
  const going = await index.markDeleting(files, held);
  if (going.length === 0) return going;
  const absolute = (path: string) => join(disk.settings.folder, path);
  for (const file of going) await disk.fs.remove(absolute(file.path));
  // Their names must be gone for good before nobody knows any more that they were to go.
  const days = new Set(going.map((file) => dirname(file.path)));
  for (const day of days) await disk.fs.syncFolder(absolute(day)).catch(goneAlready);
  // A disk pulled out meanwhile took them with it: they go when it is back.
  await disk.check();
  await index.forget(going.map((file) => file.id));
  disk.deleted(going.reduce((sum, file) => sum + file.bytes, 0));
  // Folders of the last two days stay: a writer may be about to put a file there.
  const now = clock.now();
  const lately = [now, now - DAY_MS].map((at) => new Date(at).toISOString().slice(0, 10));
  for (const day of days) {
    if (lately.some((recent) => day.endsWith(recent))) continue;
    await disk.fs.removeFolder(absolute(day)).catch(goneAlready);
    disk.forgetName(absolute(day));
  }
  return going;
}

function goneAlready(error: NodeJS.ErrnoException): void {
  if (!['ENOTEMPTY', 'EEXIST', 'ENOENT'].includes(error.code ?? '')) throw error;
}
