import { dirname, join } from 'node:path';
import { messageOf } from '../base/errors.ts';
import type { Logger } from '../base/logging.ts';
import type { TrackName } from '../contract/video.ts';
import type { Disk } from './disks/disk-contract.ts';
import { DiskTrouble } from './disks/disk-trouble.ts';
import type { FootageFile } from './disks/footage-fs.ts';
import { filePath } from './file-path.ts';
import type { FileRow } from './file-row.ts';
import type { InitSegment } from './init-segment.ts';
import type { SegmentEntry } from './segment-entries.ts';
import type { BreakReason, RecordedPart } from './types.ts';

export interface WrittenFileOptions {
  disk: Disk;
  camera: { id: string; num: number };
  track: TrackName;
  /** Its first part. */
  part: RecordedPart;
  init: InitSegment;
  breakBefore: BreakReason | null;
  log: Logger;
}

/** A part and the box with its checksum (`part-check.ts`), which is to stand behind it. */
export interface CheckedPart {
  part: RecordedPart;
  check: Buffer;
}

/** One file of footage while it is written. */
export interface WrittenFile {
  readonly disk: Disk;
  open(): Promise<void>;
  append(pieces: readonly Buffer[]): Promise<void>;
  /** Writes parts of one segment, each with its checksum behind it, at one go. */
  parts(parts: readonly [CheckedPart, ...CheckedPart[]]): Promise<void>;
  /** The segment being written; undefined between two. */
  current(): { msn: number } | undefined;
  /** Number of the segment being written, or of the next one. */
  nextMsn(): number;
  /** The segment is whole: it survives a power cut from here on. */
  endSegment(): Promise<SegmentEntry>;
  row(state: 'open' | 'closed'): FileRow;
  /** Cuts off a segment that is not whole; a file without any goes. @returns whether footage is in it */
  close(): Promise<boolean>;
  /** As close, after trouble: never throws. @returns whether it closed with footage in it */
  giveUp(): Promise<boolean>;
}

export function createWrittenFile(options: WrittenFileOptions): WrittenFile {
  const { disk, camera, track, part: firstPart, init, breakBefore, log } = options;
  const { fs } = disk;
  const { folder } = disk.settings;
  const num = disk.num();
  if (num === undefined) throw new DiskTrouble('not-mounted', `${disk.settings.folder} was never met`);
  const path = filePath(camera.num, track, firstPart.startMs, firstPart.msn);
  const generation = disk.generation();
  const startMs = Math.floor(firstPart.startMs);
  const entries: SegmentEntry[] = [];
  let handle: FootageFile | undefined;
  let named = false;
  let offset = 0;
  let current: (SegmentEntry & { msn: number }) | undefined;

  function opened(): FootageFile {
    if (!handle) throw new Error('the file is not open');
    if (disk.generation() !== generation)
      throw new DiskTrouble(disk.status().reason ?? 'io-error', 'the disk was left out meanwhile');
    return handle;
  }

  async function append(pieces: readonly Buffer[]): Promise<void> {
    await opened().write(pieces, offset);
    for (const { length } of pieces) offset += length;
  }

  async function finish(): Promise<boolean> {
    const closing = handle;
    if (!closing) return false;
    handle = undefined;
    const end = entries.at(-1);
    try {
      if (current && end) await closing.truncate(end.offset + end.bytes);
    } finally {
      await closing.close();
    }
    if (!end) await fs.remove(join(folder, path));
    return end !== undefined;
  }

  async function giveUp(): Promise<boolean> {
    try {
      const kept = await finish();
      return kept && disk.generation() === generation;
    } catch (error) {
      log.warn({ path, err: messageOf(error) }, 'a recording file did not close well');
      return false;
    }
  }

  return {
    disk,
    async open() {
      await disk.check();
      await makeFolders(disk, path);
      const made = await fs.create(join(folder, path));
      handle = made;
      // Between the look and the making something else may have been mounted, or nothing any more.
      await disk.check();
    },
    append,
    async parts(parts) {
      const [{ part: first }] = parts;
      if (current?.msn !== first.msn)
        current = {
          msn: first.msn,
          startUs: Math.round((first.startMs - startMs) * 1000),
          durationUs: 0,
          offset,
          bytes: 0,
          independent: first.independent,
        };
      await append(parts.flatMap(({ part, check }) => [part.bytes, check]));
      for (const { part } of parts) current.durationUs += part.durationUs;
      current.bytes = offset - current.offset;
    },
    current: () => current,
    nextMsn: () => firstPart.msn + entries.length,
    async endSegment() {
      if (!current) throw new Error('no segment is being written');
      await opened().datasync();
      // The bytes are safe; their file's name must be too before a row speaks of it.
      if (!named) await fs.syncFolder(dirname(join(folder, path)));
      named = true;
      opened();
      const { msn: _msn, ...entry } = current;
      current = undefined;
      entries.push(entry);
      return entry;
    },
    row: (state) => ({
      cameraId: camera.id,
      track,
      disk: num,
      path,
      firstMsn: firstPart.msn,
      startMs,
      initHash: init.hash,
      state,
      breakBefore,
      entries: [...entries],
    }),
    // A disk that was left out sorts out itself what stands on it when it comes back.
    close: () => (disk.generation() === generation ? finish() : giveUp()),
    giveUp,
  };
}

/** The folders on the way to a file, their names safe: a file in a folder that a power cut forgets is lost. */
async function makeFolders(disk: Disk, path: string): Promise<void> {
  let folder = disk.settings.folder;
  for (const name of path.split('/').slice(0, -1)) {
    const inner = join(folder, name);
    await disk.fs.makeFolder(inner);
    await disk.keepName(folder, inner);
    folder = inner;
  }
}
