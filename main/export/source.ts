import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { AppError } from '../base/errors.ts';
import type { TrackName } from '../contract/video.ts';
import type { InitSegment } from '../recording/init-segment.ts';
import type { Recording, SegmentRef } from '../recording/types.ts';
import type { Run } from './plan.ts';

/** A recorded segment that a copy was made of. */
export interface SourceSegment {
  track: TrackName;
  msn: number;
  startMs: number;
  durationUs: number;
  bytes: number;
  sha256: string;
}

/** Reads footage of one camera for copies, and remembers the hash of every segment that went into them. */
export interface Source {
  init(track: TrackName, hash: string): Promise<InitSegment>;
  /** A run as fragmented MP4, read as it is asked for; `onRead` is told of the bytes of each segment. */
  stream(track: TrackName, run: Run, onRead?: (bytes: number) => void): Promise<Readable>;
  /** The same in a file. */
  save(track: TrackName, run: Run, file: string): Promise<void>;
  /** In order of track and number, each once. */
  used(): SourceSegment[];
}

export function createSource(recording: Pick<Recording, 'init' | 'read'>, cameraId: string): Source {
  const seen = new Map<string, SourceSegment>();

  async function init(track: TrackName, hash: string): Promise<InitSegment> {
    const found = await recording.init(cameraId, track, hash);
    if (!found) throw gone();
    return found.init;
  }

  async function read(track: TrackName, segment: SegmentRef): Promise<Buffer> {
    let bytes: Buffer;
    try {
      bytes = await recording.read(segment);
    } catch (error) {
      throw error instanceof AppError && error.code === 'not-found' ? gone(error) : error;
    }
    const { msn, startMs, durationUs } = segment;
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    seen.set(`${track} ${msn}`, { track, msn, startMs, durationUs, bytes: bytes.length, sha256 });
    return bytes;
  }

  async function* bytesOf(track: TrackName, run: Run, first: InitSegment, onRead: (bytes: number) => void) {
    yield first.bytes;
    for (const segment of run.segments) {
      const bytes = await read(track, segment);
      yield bytes;
      onRead(bytes.length);
    }
  }

  const stream: Source['stream'] = async (track, run, onRead = () => undefined) =>
    Readable.from(bytesOf(track, run, await init(track, run.initHash), onRead), {
      objectMode: false,
      highWaterMark: 1,
    });

  return {
    init,
    stream,
    async save(track, run, file) {
      await writeFile(file, await stream(track, run), { mode: 0o600 });
    },
    used: () => [...seen.values()].sort((a, b) => a.track.localeCompare(b.track) || a.msn - b.msn),
  };
}

const gone = (cause?: unknown) =>
  new AppError(
    'export-footage-gone',
    410,
    'Part of the footage was deleted at the end of its time before the copy was made. Export what is left.',
    {},
    { cause },
  );
