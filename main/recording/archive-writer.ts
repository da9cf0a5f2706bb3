import type { Clock } from '../base/clock.ts';
import { messageOf } from '../base/errors.ts';
import type { Logger } from '../base/logging.ts';
import type { TrackName } from '../contract/video.ts';
import type { Disks } from './disks/disks.ts';
import type { FileIndex } from './file-index.ts';
import type { IndexQueue } from './index-queue.ts';
import type { InitSegment } from './init-segment.ts';
import { checkBox } from './part-check.ts';
import type { ArchiveWriter, BreakReason, RecordedPart } from './types.ts';
import { type CheckedPart, createWrittenFile, type WrittenFile } from './written-file.ts';

/** A file is closed at the first segment's end after this much footage. */
const FILE_US = 60_000_000;
/** After trouble that is no disk's, the next try is made this much later. */
const RETRY_MS = 5_000;
/** Parts are written together when so much footage has come: what a kill may cost at most. */
const GATHERED_US = 1_000_000;
/** What may wait for a slow disk, a track. */
const MAX_QUEUED_BYTES = 32 * 1024 * 1024;

export interface WriterServices {
  disks: Disks;
  index: FileIndex;
  queue: IndexQueue;
  clock: Clock;
  log: Logger;
  /** How this track does: a sentence when nothing of it can be stored, null when a segment was. */
  onTrouble(problem: string | null): void;
}

/**
 * Writes the files of one camera's track: each second's parts at one go, `fdatasync` at each segment's end, then
 * the row. A kill loses at most the second being gathered, a power cut or a failing disk at most the segment being
 * written: the next one begins on another disk.
 */
export function createArchiveWriter(
  camera: { id: string; num: number },
  track: TrackName,
  { disks, index, queue, clock, log, onTrouble }: WriterServices,
): ArchiveWriter {
  const key = `${camera.id} ${track}`;
  let work: Promise<void> = Promise.resolve();
  let queuedBytes = 0;
  let gathered: CheckedPart[] = [];
  let gatheredUs = 0;
  let init: InitSegment | undefined;
  let breakBefore: BreakReason | null = null;
  let file: WrittenFile | undefined;
  let retryAt: number | undefined;
  let refused = false;

  const enqueue = (task: () => Promise<void>) => {
    work = work.then(task).catch(fail);
  };

  /** What was gathered goes to the disk before anything else does. */
  function flush(): void {
    const [first, ...others] = gathered;
    if (!first) return;
    gathered = [];
    gatheredUs = 0;
    const done = (again: boolean) => {
      for (const { part } of [first, ...others]) {
        queuedBytes -= part.bytes.length;
        part.release?.(again);
      }
    };
    enqueue(async () => {
      try {
        await writeParts([first, ...others]);
      } catch (error) {
        done(false);
        throw error;
      }
      done(true);
    });
  }

  /** @returns undefined when no disk takes footage just now */
  async function openFile(part: RecordedPart, format: InitSegment): Promise<WrittenFile | undefined> {
    const disk = disks.place(key);
    if (!disk) {
      pause('no disk takes footage');
      return undefined;
    }
    const opened = createWrittenFile({ disk, camera, track, part, init: format, breakBefore, log });
    file = opened;
    await opened.open();
    await index.saveInit(camera.id, format);
    await opened.append([format.bytes, checkBox(format.bytes)]);
    return opened;
  }

  /** Of one segment. */
  async function writeParts(parts: readonly [CheckedPart, ...CheckedPart[]]): Promise<void> {
    if (!init) return;
    const [{ part }] = parts;
    if (!file?.current()) {
      // After trouble, and after another hub's stop, footage is taken up again where a segment begins.
      if (!part.first || (retryAt !== undefined && clock.monotonic() < retryAt)) return;
    }
    if (file && part.msn !== file.nextMsn()) await closeFile();
    const target = file ?? (await openFile(part, init));
    await target?.parts(parts);
  }

  async function closeSegment(msn: number): Promise<void> {
    const target = file;
    if (target?.current()?.msn !== msn) return;
    const entry = await target.endSegment();
    disks.wrote(key, entry.bytes, entry.durationUs);
    // A disk that is nearly full is left where a segment ends: nothing is lost by that.
    if (entry.startUs + entry.durationUs >= FILE_US || !target.disk.takes()) await closeFile();
    else queue.put(target.row('open'));
    retryAt = undefined;
    if (!refused) return;
    refused = false;
    onTrouble(null);
    log.info({ cameraId: camera.id, track }, 'recording goes on');
  }

  async function closeFile(): Promise<void> {
    const closing = file;
    file = undefined;
    if (!closing) return;
    breakBefore = null;
    if (await closing.close()) queue.put(closing.row('closed'));
  }

  function pause(problem: string): void {
    if (!refused) log.error({ cameraId: camera.id, track, problem }, 'recording paused');
    refused = true;
    breakBefore = 'disk';
    onTrouble(problem);
  }

  async function fail(error: unknown): Promise<void> {
    const failed = file;
    file = undefined;
    breakBefore = failed || breakBefore === null ? 'disk' : breakBefore;
    const lost = failed ? await failed.disk.met(error) : false;
    // What is whole in the file stays in the index; where the disk left, its return sorts the rest out.
    if (failed && (await failed.giveUp())) queue.put(failed.row('closed'));
    if (lost && disks.place(key)) {
      log.warn({ cameraId: camera.id, track, err: messageOf(error) }, 'recording goes on on another disk');
      return;
    }
    if (!lost) retryAt = clock.monotonic() + RETRY_MS;
    pause(messageOf(error));
  }

  return {
    begin(format, reason) {
      flush();
      enqueue(async () => {
        await closeFile();
        init = format;
        breakBefore = reason;
      });
    },
    part(part) {
      if (queuedBytes + part.bytes.length > MAX_QUEUED_BYTES) {
        part.release?.(true);
        flush();
        enqueue(() => Promise.reject(new Error('the disk is too slow for this camera')));
        return;
      }
      if (gathered[0] && gathered[0].part.msn !== part.msn) flush();
      queuedBytes += part.bytes.length;
      // Its bytes were copied just now: a second later the processor would have to fetch all of them again.
      gathered.push({ part, check: checkBox(part.bytes) });
      gatheredUs += part.durationUs;
      if (gatheredUs >= GATHERED_US) flush();
    },
    endSegment(msn) {
      flush();
      enqueue(() => closeSegment(msn));
    },
    close() {
      flush();
      enqueue(async () => {
        await closeFile();
        init = undefined;
        disks.leave(key);
      });
      return work;
    },
  };
}
