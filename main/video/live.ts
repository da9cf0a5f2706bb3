import type { Clock } from '../base/clock.ts';
import { AppError, notFound } from '../base/errors.ts';
import { type TrackName, TrackNames } from '../contract/video.ts';
import type { InitSegment } from '../recording/init-segment.ts';
import { boxesIn } from '../recording/mp4-boxes.ts';
import { TARGET_DURATION_S } from '../recording/segment-rule.ts';
import type { Recording } from '../recording/types.ts';
import type { Camera } from './camera.ts';
import {
  isListed,
  type LiveAsk,
  mediaPlaylist,
  type RenditionEdge,
  wanted,
  writeLivePlaylist,
} from './live-playlist.ts';
import type { LiveTail } from './live-tail.ts';
import { readMediaName } from './media-names.ts';
import { writeMultivariant } from './multivariant.ts';
import type { MediaBytes } from './types.ts';

/** A waiting request gives up (RFC 8216bis section 6.2.5.2: three target durations). */
const BLOCK_MS = 3 * TARGET_DURATION_S * 1_000;

const PICTURES = ['main', 'second'] as const;
type PictureTrack = (typeof PICTURES)[number];

export interface LiveServices {
  recording: Recording;
  clock: Clock;
  /** The camera that runs; undefined for one that has no stream (any more). */
  cameraOf(id: string): Camera | undefined;
}

/** Playlists and bytes of what cameras send now; bytes that memory has given back come from the archive. */
export function createLive({ recording, clock, cameraOf }: LiveServices) {
  const need = (cameraId: string): Camera => {
    const camera = cameraOf(cameraId);
    if (!camera) throw notFound('camera with a stream', cameraId);
    return camera;
  };

  /** Why a camera shows nothing, as an answer to whoever asked for pictures. */
  function nothingYet(camera: Camera, track: TrackName): AppError {
    const { problem } = camera.factsOf(track);
    const code = problem ? `stream.${problem.code}` : 'stream-starting';
    const message = problem
      ? `The camera gives no picture (${problem.code}). ${problem.detail}`
      : 'The camera is starting.';
    return new AppError(code, 503, message, { camera: camera.setup.id });
  }

  /** Nothing will come before the next attempt: whoever asks anew is told at once. */
  const down = (camera: Camera, track: TrackName): boolean => camera.factsOf(track).state === 'waiting';

  const lastFormat = async (camera: Camera, track: TrackName): Promise<InitSegment | undefined> =>
    camera.track(track).tail.format() ?? (await recording.lastInit(camera.setup.id, track));

  async function formatOf(camera: Camera, track: TrackName, signal: AbortSignal): Promise<InitSegment> {
    const known = await lastFormat(camera, track);
    if (known) return known;
    const { tail } = camera.track(track);
    await tail.waitFor(() => tail.format() !== undefined || down(camera, track), BLOCK_MS, signal);
    const format = tail.format();
    if (!format) throw nothingYet(camera, track);
    return format;
  }

  function edgeOf(camera: Camera, track: TrackName): RenditionEdge[] {
    const last = camera.has(track) ? camera.track(track).tail.view(clock.now()).segments.at(-1) : undefined;
    const part = (last?.parts.length ?? 0) - 1;
    return last && part >= 0 ? [{ track, msn: last.msn, part }] : [];
  }

  async function segmentBytes(cameraId: string, track: TrackName, msn: number): Promise<MediaBytes> {
    const live = tailOf(cameraId, track)?.find(msn);
    if (live?.complete) {
      const bytes = live.parts.map((part) => part.bytes);
      if (bytes.every((part) => part !== undefined)) return media(track, live.startMs, Buffer.concat(bytes));
    }
    const stored = await recording.segment(cameraId, track, msn);
    if (!stored) throw notFound('segment', String(msn));
    return media(track, stored.startMs, await recording.read(stored));
  }

  async function partBytes(
    cameraId: string,
    track: TrackName,
    msn: number,
    index: number,
    signal: AbortSignal,
  ): Promise<MediaBytes> {
    const tail = tailOf(cameraId, track);
    const here = () => tail?.find(msn)?.parts[index];
    if (tail && !here() && isNext(tail, msn, index))
      await tail.waitFor(() => here() !== undefined || !isNext(tail, msn, index), BLOCK_MS, signal);
    const part = here();
    if (part?.bytes) return media(track, part.startMs, Buffer.from(part.bytes));
    const stored = await recording.segment(cameraId, track, msn);
    if (!stored) throw notFound('part', `${msn}.${index}`);
    const found = splitParts(await recording.read(stored))[index];
    if (!found) throw notFound('part', `${msn}.${index}`);
    return media(track, part?.startMs ?? stored.startMs, found);
  }

  function tailOf(cameraId: string, track: TrackName): LiveTail | undefined {
    const camera = cameraOf(cameraId);
    return camera?.has(track) ? camera.track(track).tail : undefined;
  }

  return {
    /**
     * The camera's streams that browsers play. Sound is named for those who may hear it, and only where there is some.
     * @throws AppError `stream.h265-only` where the only picture is one that browsers do not play
     */
    async multivariant(cameraId: string, withSound: boolean, signal: AbortSignal): Promise<string> {
      const camera = need(cameraId);
      const main = await formatOf(camera, 'main', signal);
      if (main.coding === 'h265' && !camera.has('second')) throw h265Only(cameraId);
      const tracks: PictureTrack[] = PICTURES.filter((track) =>
        track === 'main' ? main.coding === 'h264' : camera.has(track),
      );
      const variants = await Promise.all(
        tracks.map(async (track) => {
          const format = await lastFormat(camera, track);
          const { fps, bitrateKbps } = camera.factsOf(track);
          const { codec, width, height } = format ?? {
            codec: undefined,
            width: undefined,
            height: undefined,
          };
          return { uri: mediaPlaylist(track), codec, width, height, fps, bitrateKbps };
        }),
      );
      const sound = withSound && camera.has('sound') ? await soundOf(camera) : undefined;
      return writeMultivariant(variants, sound);
    },
    /** @throws AppError 400 for a position that cannot be waited for, 503 when it does not come in time */
    async playlist(cameraId: string, track: TrackName, ask: LiveAsk, signal: AbortSignal): Promise<string> {
      const camera = need(cameraId);
      const { tail } = camera.track(track);
      const position = wanted(ask);
      const view = () => tail.view(clock.now());
      const ready = position
        ? () => isListed(view(), position)
        : () => view().segments.length > 0 || down(camera, track);
      const came = await tail.waitFor(ready, BLOCK_MS, signal);
      if (!came || view().segments.length === 0) throw nothingYet(camera, track);
      const others = ask.withSound ? TrackNames : PICTURES;
      const edges = others.filter((other) => other !== track).flatMap((other) => edgeOf(camera, other));
      return writeLivePlaylist(track, view(), ask.skip === true, edges);
    },
    async init(cameraId: string, name: string): Promise<MediaBytes> {
      const read = readMediaName(name);
      if (read?.kind !== 'init') throw notFound('init segment', name);
      const format = tailOf(cameraId, read.track)?.format();
      if (format?.hash === read.hash) return media(read.track, clock.now(), format.bytes);
      const stored = await recording.init(cameraId, read.track, read.hash);
      if (!stored) throw notFound('init segment', name);
      return media(read.track, stored.newest, stored.init.bytes);
    },
    async part(cameraId: string, name: string, signal: AbortSignal): Promise<MediaBytes> {
      const read = readMediaName(name);
      if (read?.kind !== 'part') throw notFound('part', name);
      return partBytes(cameraId, read.track, read.msn, read.part, signal);
    },
    async segment(cameraId: string, name: string): Promise<MediaBytes> {
      const read = readMediaName(name);
      if (read?.kind !== 'segment') throw notFound('segment', name);
      return segmentBytes(cameraId, read.track, read.msn);
    },
  };

  async function soundOf(camera: Camera) {
    const { sound } = camera.status();
    const format = camera.track('sound').tail.newest() && camera.track('sound').tail.format();
    if (!sound || !format) return undefined;
    return { uri: mediaPlaylist('sound'), codec: format.codec, bitrateKbps: sound.bitrateKbps };
  }
}

const h265Only = (camera: string) =>
  new AppError(
    'stream.h265-only',
    409,
    'The camera sends H.265, which browsers do not play. Give its second stream (H.264) in its settings; recording goes on.',
    { camera },
  );

const media = (track: TrackName, footageTime: number, bytes: Buffer): MediaBytes => ({
  contentType: track === 'sound' ? 'audio/mp4' : 'video/mp4',
  footageTime,
  bytes,
});

/** Is this the part that the preload hint names? */
function isNext(tail: LiveTail, msn: number, index: number): boolean {
  const last = tail.newest();
  if (!last) return false;
  if (last.complete) return msn === last.msn + 1 && index === 0;
  return (msn === last.msn && index === last.parts.length) || (msn === last.msn + 1 && index === 0);
}

/** The parts of a stored segment: each begins with its `prft`. */
function splitParts(segment: Buffer): Buffer[] {
  const starts = [...boxesIn(segment)].filter((box) => box.type === 'prft').map((box) => box.start);
  return starts.map((start, index) => segment.subarray(start, starts[index + 1] ?? segment.length));
}
