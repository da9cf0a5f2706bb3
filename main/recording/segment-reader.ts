import { join } from 'node:path';
import { AppError, messageOf, notFound } from '../base/errors.ts';
import type { Logger } from '../base/logging.ts';
import { diskReason } from './disks/disk-trouble.ts';
import type { Disks } from './disks/disks.ts';
import { checkedParts, DamagedFootage } from './part-check.ts';
import type { Recording, SegmentRef } from './types.ts';

/** Reads segments from whichever disk they stand on; see `Recording.read`. */
export function createSegmentReader(disks: Disks, log: Logger): Pick<Recording, 'read' | 'readStart'> {
  function damaged({ disk, path, msn }: SegmentRef, error: unknown): AppError {
    log.error({ disk, path, msn, err: messageOf(error) }, 'footage is not what was written');
    return new AppError(
      'footage-damaged',
      410,
      'This piece of footage was damaged on its disk and is not shown. Have the disk checked.',
    );
  }

  async function readStart(segment: SegmentRef, most: number): Promise<Buffer> {
    const disk = disks.byNum(segment.disk);
    if (!disk?.readable())
      throw new AppError(
        'footage-unreachable',
        503,
        'The disk with this footage cannot be read just now. Its state is shown in the settings.',
      );
    const bytes = Buffer.allocUnsafe(Math.min(most, segment.bytes));
    try {
      const file = await disk.fs.open(join(disk.settings.folder, segment.path), 'read');
      try {
        // Retention was faster than the player.
        if ((await file.read(bytes, segment.offset)) < bytes.length) throw gone(segment);
      } finally {
        await file.close();
      }
    } catch (error) {
      if (error instanceof AppError) throw error;
      // A bad sector under old footage says nothing of where the next is written.
      if (diskReason(error) === 'io-error') throw damaged(segment, error);
      const left = await disk.met(error);
      if (!left && error instanceof Error && 'code' in error && error.code === 'ENOENT') throw gone(segment);
      throw error;
    }
    return bytes;
  }

  return {
    readStart,
    async read(segment) {
      const bytes = await readStart(segment, segment.bytes);
      try {
        return checkedParts(bytes);
      } catch (error) {
        throw error instanceof DamagedFootage ? damaged(segment, error) : error;
      }
    },
  };
}

const gone = (segment: SegmentRef) => notFound('segment', String(segment.msn));
