import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { AppError } from '../base/errors.ts';
import { readFragment } from '../recording/fragment.ts';
import { type InitSegment, readInitSegment } from '../recording/init-segment.ts';
import { boxesIn } from '../recording/mp4-boxes.ts';
import { picturesBusy } from '../video/picture.ts';
import { createStartGate } from '../video/start-gate.ts';
import { markDrawing } from './burn-in.ts';
import { runFfmpeg } from './ffmpeg-run.ts';
import { planCamera } from './footage-range.ts';
import { sha256Of } from './hash.ts';
import { withNote } from './jpeg-note.ts';
import type { ExportMaker } from './make-export.ts';
import { isoTime, signManifest } from './manifest.ts';
import { placeFont } from './marked-copy.ts';
import { endOf, type Run } from './plan.ts';
import { createSource, type SourceSegment } from './source.ts';
import type { ExportCamera, Person } from './types.ts';
import { type Language, personLine, words } from './words.ts';

/** A signed picture, ready to be saved. */
export interface SignedSnapshot {
  /** JPEG with the signed manifest inside, as a comment that viewers skip. */
  jpeg: Buffer;
  name: string;
  /** UTC ms of the frame. */
  frameTime: number;
  manifestSha256: string;
}

export interface SnapshotOrder {
  id: string;
  camera: ExportCamera;
  person: Person;
  /** UTC ms; null for the frame that is live now. */
  at: number | null;
  original: boolean;
  basis: string;
  language: Language;
}

export interface Snapshots {
  /**
   * The frame that was shown at a moment, in full size. @throws AppError `no-picture` when nothing was
   * recorded then, `export-encoder`, `pictures-busy`
   */
  take(order: SnapshotOrder, signal: AbortSignal): Promise<SignedSnapshot>;
}

/** A frame is shown until the next one, and this much longer where the next one never came. */
const SHOWN_MS = 10_000;
const AT_ONCE = 2;
const TIMEOUT_MS = 20_000;
const LARGEST_JPEG = 32 * 2 ** 20;

/** Footage from a keyframe on, in memory. */
interface Stretch {
  /** Init segment and fragments. */
  mp4: Buffer;
  /** UTC ms of its first frame. */
  startMs: number;
  init: InitSegment;
  segments: readonly SourceSegment[];
}

/** The group of pictures that a camera sends just now; null when it sends none. */
export type LiveGroup = (cameraId: string) => { init: Buffer; fragments: Buffer[]; startMs: number } | null;

/** Single frames, recorded or live, under the hub's signature. */
export function createSnapshots(maker: ExportMaker, live: LiveGroup, timeoutMs = TIMEOUT_MS): Snapshots {
  const gate = createStartGate(AT_ONCE);
  return {
    async take(order, signal) {
      const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
      const leave = await gate.enter(limit).catch((error: unknown) => {
        throw limit.aborted && !signal.aborted ? picturesBusy() : error;
      });
      let folder: string | undefined;
      try {
        folder = await mkdtemp(join(tmpdir(), 'kalancha-snapshot-'));
        return await take(maker, live, order, folder, limit);
      } finally {
        leave();
        if (folder !== undefined) await rm(folder, { recursive: true, force: true });
      }
    },
  };
}

async function take(
  maker: ExportMaker,
  live: LiveGroup,
  order: SnapshotOrder,
  folder: string,
  signal: AbortSignal,
): Promise<SignedSnapshot> {
  const { camera, person, original, basis, language, id } = order;
  const now = maker.now();
  const at = order.at ?? now;
  const stretch =
    (order.at === null && liveStretch(live(camera.id))) || (await recorded(maker, camera.id, at));
  const { init, startMs, mp4 } = stretch;
  const frame = frameAt(mp4, init.timescale, (at - startMs) / 1000);
  const frameTime = startMs + frame.atS * 1000;
  const offsetMs = maker.cityTime.offsetAt(frameTime);
  const copy = `${words[language].snapshot} ${id.slice(-8)}`;
  const drawing = original
    ? { filters: [], files: {} }
    : markDrawing(
        { startMs, offsetMs, camera: camera.name, person: personLine(person, language), copy },
        init.width,
        init.height,
        'snapshot',
      );
  if (!original) await placeFont(folder);
  for (const [name, text] of Object.entries(drawing.files)) await writeFile(join(folder, name), text);
  const jpeg = await decode(maker.ffmpegPath, folder, signal, mp4, [
    'setpts=PTS-STARTPTS',
    `select=eq(n\\,${frame.index})`,
    ...drawing.filters,
  ]);
  const name = `${camera.id}_${isoTime(frameTime).replace(/[:-]/g, '')}.jpg`;
  const { text, sha256: manifestSha256 } = signManifest(maker.key, {
    ...{ v: 1, kind: 'snapshot', id, hub: maker.hub, person, basis },
    ...{ askedAt: isoTime(now), madeAt: isoTime(now) },
    ...{ form: original ? 'original' : 'marked', sound: false },
    asked: { from: isoTime(at), to: isoTime(at) },
    cameras: [
      {
        ...camera,
        covered: [{ from: isoTime(frameTime), to: isoTime(frameTime) }],
        gaps: [],
        // A live frame was signed before it was recorded: there are none yet.
        segments: stretch.segments.map(({ track, msn, startMs: from, durationUs, bytes, sha256 }) => ({
          ...{ track, number: msn, start: isoTime(from), durationUs, bytes, sha256 },
        })),
      },
    ],
    files: [
      {
        ...{ name, cameraId: camera.id, from: isoTime(frameTime), to: isoTime(frameTime) },
        ...(await sha256Of(Readable.from([jpeg]))),
      },
    ],
  });
  return { jpeg: withNote(jpeg, text), name, frameTime, manifestSha256 };
}

function liveStretch(group: ReturnType<LiveGroup>): Stretch | null {
  if (!group) return null;
  const mp4 = Buffer.concat([group.init, ...group.fragments]);
  return { mp4, startMs: group.startMs, init: readInitSegment(group.init), segments: [] };
}

async function recorded(maker: ExportMaker, cameraId: string, at: number): Promise<Stretch> {
  await maker.footage.flush();
  const run = await runShownAt(maker, cameraId, at);
  const source = createSource(maker.footage, cameraId);
  const init = await source.init('main', run.initHash);
  const bytes: Buffer[] = [];
  for await (const chunk of await source.stream('main', run)) bytes.push(Buffer.from(chunk));
  const startMs = run.segments[0]?.startMs ?? at;
  return { mp4: Buffer.concat(bytes), startMs, init, segments: source.used() };
}

/** The segments from a keyframe to the frame that was on the screen at a moment. */
async function runShownAt(maker: ExportMaker, cameraId: string, at: number): Promise<Run> {
  const { runs } = await planCamera(maker.footage, maker.cityTime, maker.now(), cameraId, at, at + 1);
  const run = runs[0];
  if (run) return run;
  const before = await maker.footage.segmentAt(cameraId, 'main', at);
  if (!before || at - endOf(before) > SHOWN_MS)
    throw new AppError('no-picture', 404, 'There is no picture of this camera at that time.');
  return { initHash: before.initHash, segments: [before] };
}

/** Which frame is shown at `atS` seconds from the first, and when it begins; the first when none began by then. */
function frameAt(footage: Buffer, timescale: number, atS: number): { index: number; atS: number } {
  const starts: number[] = [];
  for (const box of boxesIn(footage)) {
    if (box.type !== 'moof') continue;
    const { decodeTime, duration, frames } = readFragment(footage.subarray(box.start, box.end));
    for (let frame = 0; frame < frames; frame++)
      starts.push((decodeTime + (duration / frames) * frame) / timescale);
  }
  const first = starts[0] ?? 0;
  // A moment that was rounded to milliseconds must not miss the frame that it names.
  const index = Math.max(0, starts.filter((start) => start - first <= atS + 0.001).length - 1);
  return { index, atS: (starts[index] ?? first) - first };
}

async function decode(
  path: string,
  folder: string,
  signal: AbortSignal,
  footage: Buffer,
  filters: readonly string[],
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const output = new PassThrough({ emitClose: false });
  output.on('data', (chunk: Buffer) => chunks.push(chunk));
  await runFfmpeg({ path, folder, signal }, Readable.from([footage]), (command) =>
    command
      .inputOptions(['-nostdin', '-hide_banner', '-loglevel', 'error', '-threads', '1', '-f', 'mp4'])
      .complexFilter(`[0:v:0]${filters.join(',')}[v]`)
      .outputOptions([
        ...['-map', '[v]', '-frames:v', '1', '-pix_fmt', 'yuvj420p', '-q:v', '2'],
        ...['-f', 'image2pipe', '-c:v', 'mjpeg'],
      ])
      .output(output, { end: true }),
  );
  const jpeg = Buffer.concat(chunks);
  if (jpeg.length === 0 || jpeg.length > LARGEST_JPEG)
    throw new AppError('no-picture', 502, 'No picture could be decoded.');
  return jpeg;
}
