import { type FileHandle, mkdir, open, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Clock } from '../base/clock.ts';
import { messageOf } from '../base/errors.ts';
import type { Logger } from '../base/logging.ts';
import type { TrackName } from '../contract/video.ts';
import type { FileIndex } from './file-index.ts';
import { filePath } from './file-path.ts';
import type { IndexQueue } from './index-queue.ts';
import type { InitSegment } from './init-segment.ts';
import type { SegmentEntry } from './segment-entries.ts';
import type { ArchiveWriter, BreakReason, RecordedPart } from './types.ts';

/** A file is closed at the first segment's end after this much footage. */
const FILE_US = 60_000_000;
/** After the disk refused, the next try is made this much later. */
const RETRY_MS = 5_000;
/** What may wait for a slow disk, a camera. */
const MAX_QUEUED_BYTES = 32 * 1024 * 1024;

export interface WriterServices {
  folder: string;
  index: FileIndex;
  queue: IndexQueue;
  clock: Clock;
  log: Logger;
  /** The disk's state as this writer sees it: a sentence when it refuses, null when it took a segment. */
  onDisk(cameraId: string, track: TrackName, problem: string | null): void;
}

interface OpenFile {
  handle: FileHandle;
  path: string;
  firstMsn: number;
  startMs: number;
  breakBefore: BreakReason | null;
  init: InitSegment;
  entries: SegmentEntry[];
  offset: number;
  current: (SegmentEntry & { msn: number }) | undefined;
}

/**
 * Writes the files of one camera's track: a part's bytes as soon as they come, `fdatasync` at each segment's end, then the
 * row. A kill loses at most the part being written, a power cut at most the segment being written.
 */
export function createArchiveWriter(
  camera: { id: string; num: number },
  track: TrackName,
  { folder, index, queue, clock, log, onDisk }: WriterServices,
): ArchiveWriter {
  let work: Promise<void> = Promise.resolve();
  let queuedBytes = 0;
  let init: InitSegment | undefined;
  let breakBefore: BreakReason | null = null;
  let file: OpenFile | undefined;
  let retryAt = 0;
  let refused = false;

  const enqueue = (task: () => Promise<void>) => {
    work = work.then(task).catch(fail);
  };

  async function openFile(part: RecordedPart, format: InitSegment): Promise<OpenFile> {
    const path = filePath(camera.num, track, part.startMs, part.msn);
    const absolute = join(folder, path);
    await mkdir(dirname(absolute), { recursive: true, mode: 0o700 });
    const handle = await open(absolute, 'wx', 0o600);
    const opened: OpenFile = {
      handle,
      path,
      firstMsn: part.msn,
      startMs: Math.floor(part.startMs),
      breakBefore,
      init: format,
      entries: [],
      offset: 0,
      current: undefined,
    };
    file = opened;
    await index.saveInit(camera.id, format);
    await append(opened, format.bytes);
    return opened;
  }

  async function writePart(part: RecordedPart): Promise<void> {
    if (!init) return;
    if (!file?.current) {
      // After trouble, and after another hub's stop, footage is taken up again where a segment begins.
      if (!part.first || (retryAt > 0 && clock.monotonic() < retryAt)) return;
    }
    if (file && part.msn !== file.firstMsn + file.entries.length) await closeFile();
    const target = file ?? (await openFile(part, init));
    if (!target.current || target.current.msn !== part.msn)
      target.current = {
        msn: part.msn,
        startUs: Math.round((part.startMs - target.startMs) * 1000),
        durationUs: 0,
        offset: target.offset,
        bytes: 0,
        independent: part.independent,
      };
    await append(target, part.bytes);
    target.current.durationUs += part.durationUs;
    target.current.bytes += part.bytes.length;
  }

  async function closeSegment(msn: number): Promise<void> {
    const target = file;
    if (!target?.current || target.current.msn !== msn) return;
    await target.handle.datasync();
    const { msn: _msn, ...entry } = target.current;
    target.current = undefined;
    target.entries.push(entry);
    const recordedUs = entry.startUs + entry.durationUs;
    if (recordedUs >= FILE_US) await closeFile();
    else putRow(target, 'open');
    retryAt = 0;
    if (refused) {
      refused = false;
      onDisk(camera.id, track, null);
      log.info({ cameraId: camera.id, track }, 'recording goes on');
    }
  }

  async function closeFile(): Promise<void> {
    const closing = file;
    file = undefined;
    if (!closing) return;
    breakBefore = null;
    try {
      const end = closing.entries.at(-1);
      if (closing.current && end) await closing.handle.truncate(end.offset + end.bytes);
    } finally {
      await closing.handle.close();
    }
    if (closing.entries.length > 0) putRow(closing, 'closed');
    else await unlink(join(folder, closing.path));
  }

  function putRow(target: OpenFile, state: 'open' | 'closed'): void {
    queue.put({
      cameraId: camera.id,
      track,
      path: target.path,
      firstMsn: target.firstMsn,
      startMs: target.startMs,
      initHash: target.init.hash,
      state,
      breakBefore: target.breakBefore,
      entries: [...target.entries],
    });
  }

  async function fail(error: unknown): Promise<void> {
    const problem = messageOf(error);
    if (!refused)
      log.error({ cameraId: camera.id, track, err: problem }, 'recording paused: the disk refuses');
    refused = true;
    retryAt = clock.monotonic() + RETRY_MS;
    onDisk(camera.id, track, problem);
    const hadFile = file !== undefined;
    await closeFile().catch((closing: unknown) =>
      log.warn(
        { cameraId: camera.id, track, err: messageOf(closing) },
        'a recording file did not close well',
      ),
    );
    if (hadFile || breakBefore === null) breakBefore = 'disk';
  }

  return {
    begin(format, reason) {
      enqueue(async () => {
        await closeFile();
        init = format;
        breakBefore = reason;
      });
    },
    part(part) {
      if (queuedBytes + part.bytes.length > MAX_QUEUED_BYTES) {
        enqueue(() => Promise.reject(new Error('the disk is too slow for this camera')));
        return;
      }
      queuedBytes += part.bytes.length;
      enqueue(() =>
        writePart(part).finally(() => {
          queuedBytes -= part.bytes.length;
        }),
      );
    },
    endSegment(msn) {
      enqueue(() => closeSegment(msn));
    },
    close() {
      enqueue(async () => {
        await closeFile();
        init = undefined;
      });
      return work;
    },
  };
}

async function append(target: OpenFile, bytes: Buffer): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await target.handle.write(
      bytes,
      done,
      bytes.length - done,
      target.offset + done,
    );
    if (bytesWritten === 0) throw new Error('the disk took no more bytes');
    done += bytesWritten;
  }
  target.offset += bytes.length;
}
