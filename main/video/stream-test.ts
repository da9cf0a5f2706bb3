import type { Clock } from '../base/clock.ts';
import { AppError } from '../base/errors.ts';
import type { StreamProblemCode, StreamTestInput, StreamTestResult } from '../contract/video.ts';
import { readFragment, setFragmentTimes } from '../recording/fragment.ts';
import type { InitSegment } from '../recording/init-segment.ts';
import { holdsBFrame } from './b-frames.ts';
import type { OutputPipes } from './output-pipes.ts';
import { decodePicture } from './picture.ts';
import { parseStreamAddress, type StreamAddress, type Transport } from './stream-address.ts';
import { type Pull, pullStream } from './stream-pull.ts';

/** The whole trial, second transport included. */
const LIMIT_MS = 10_000;
/** Enough when no second keyframe shows the GOP earlier. */
const WATCH_MS = 5_000;
/** Longer groups make a viewer wait for his first picture. */
const LONG_GOP_S = 4;
const HIGH_BITRATE_KBPS = 12_000;
/** A wall of tiles decodes many: a second stream larger than this helps nobody. */
const LARGE_SECOND_WIDTH = 1_024;

interface Trial {
  code: StreamProblemCode | null;
  detail: string;
  init: InitSegment | undefined;
  frames: { dts: number; duration: number; bytes: number; keyframe: boolean }[];
  /** Pictures came that are shown before others that were sent earlier. */
  bFrames: boolean;
  firstPicture: Buffer | undefined;
  stderr: readonly string[];
}

/**
 * Pulls an address for some seconds the way a session would, and tells what is there. Only those who may edit
 * devices come here: whoever can try addresses can find out what answers in the hub's network.
 */
export async function testStream(
  input: StreamTestInput,
  services: { ffmpegPath: string; clock: Clock; pipes: OutputPipes },
  signal: AbortSignal,
): Promise<StreamTestResult> {
  let address: StreamAddress;
  try {
    address = parseStreamAddress(
      { url: input.streamUrl, user: input.streamUser, password: input.streamPassword },
      false,
    );
  } catch (error) {
    if (error instanceof AppError) return failed('bad-address', error.message);
    throw error;
  }
  const limit = AbortSignal.any([signal, AbortSignal.timeout(LIMIT_MS)]);
  let transport: Transport = address.kind === 'rtsp' ? 'tcp' : 'http';
  let trial = await tryOnce(address, transport, services, limit);
  if (trial.code === 'refused' && transport === 'tcp' && !limit.aborted) {
    const second = await tryOnce(address, 'udp', services, limit);
    if (second.code === null || second.code !== 'refused') {
      trial = second;
      transport = 'udp';
    }
  }
  return describe(trial, input.role, transport, services.ffmpegPath);
}

async function tryOnce(
  address: StreamAddress,
  transport: Transport,
  { ffmpegPath, clock, pipes }: { ffmpegPath: string; clock: Clock; pipes: OutputPipes },
  signal: AbortSignal,
): Promise<Trial> {
  const frames: Trial['frames'] = [];
  let init: InitSegment | undefined;
  let firstPicture: Buffer | undefined;
  let keyframes = 0;
  let bFrames = false;
  let enough = false;
  let startedAt: number | undefined;
  const done = () => {
    enough = true;
    void pull.stop();
  };
  const pull: Pull = pullStream({
    ...{ ffmpegPath, clock, pipes },
    address,
    transport,
    logLevel: 'info',
    onInit(found) {
      init = found;
    },
    onFragment(bytes, moofBytes) {
      const info = readFragment(bytes.subarray(0, moofBytes));
      startedAt ??= clock.monotonic();
      if (info.keyframe) {
        keyframes += 1;
        firstPicture ??= dated(bytes, moofBytes, info.duration);
      }
      if (init) bFrames ||= holdsBFrame(bytes.subarray(moofBytes + 8), init);
      const { decodeTime: dts, duration, keyframe } = info;
      frames.push({ dts, duration, bytes: bytes.length, keyframe });
      const seenMs = clock.monotonic() - startedAt;
      if ((keyframes >= 3 && seenMs > 1_000) || seenMs > WATCH_MS) done();
    },
  });
  const abandon = () => void pull.stop({ code: 'timed-out', detail: 'nothing usable came in time' });
  if (signal.aborted) abandon();
  signal.addEventListener('abort', abandon, { once: true });
  const { problem, stderr } = await pull.ended;
  signal.removeEventListener('abort', abandon);
  const fine = enough || (frames.length > 0 && problem.code === 'timed-out');
  return {
    code: fine ? null : problem.code,
    detail: problem.detail,
    init,
    frames,
    bFrames,
    firstPicture,
    stderr,
  };
}

async function describe(
  trial: Trial,
  role: StreamTestInput['role'],
  transport: Transport,
  ffmpegPath: string,
): Promise<StreamTestResult> {
  const { init, frames } = trial;
  const streams = trial.stderr.join('\n');
  const audioCodec = /Stream #\S+.*?: Audio: (\w+)/.exec(streams)?.[1] ?? null;
  const videoCodec = /Stream #\S+.*?: Video: (\w+)/.exec(streams)?.[1] ?? null;
  if (trial.code !== null || !init) {
    const result = failed(trial.code ?? 'unknown', trial.detail);
    const other = trial.code === 'codec-unsupported';
    return { ...result, codec: videoCodec, transport, audioCodec, advice: other ? ['use-h264'] : [] };
  }
  const timescale = init.timescale;
  const first = frames[0];
  const last = frames.at(-1);
  const seconds = first && last ? (last.dts - first.dts) / timescale : 0;
  const keyframes = frames.filter((frame) => frame.keyframe);
  const [a, b] = keyframes;
  const gopS = a && b ? round((b.dts - a.dts) / timescale, 100) : null;
  const bytes = frames.slice(0, -1).reduce((sum, frame) => sum + frame.bytes, 0);
  const bitrateKbps = seconds > 0 ? Math.round((bytes * 8) / seconds / 1000) : null;
  const advice: StreamTestResult['advice'] = [];
  if (init.coding === 'h265') advice.push(role === 'main' ? 'needs-second' : 'use-h264');
  if (role === 'second' && init.width > LARGE_SECOND_WIDTH) advice.push('second-large');
  if (gopS === null) advice.push('gop-unknown');
  else if (gopS > LONG_GOP_S) advice.push('gop-long');
  if (bitrateKbps !== null && bitrateKbps > HIGH_BITRATE_KBPS) advice.push('bitrate-high');
  if (trial.bFrames) advice.push('b-frames');
  if (transport === 'udp') advice.push('udp-only');
  const picture = await pictureOf(trial, init, ffmpegPath);
  return {
    ok: true,
    problem: null,
    codec: init.codec,
    width: init.width,
    height: init.height,
    fps: seconds > 0 ? round((frames.length - 1) / seconds, 100) : null,
    gopS,
    bitrateKbps,
    transport,
    audioCodec,
    sound: audioCodec === null || role === 'second' ? null : audioCodec === 'aac' ? 'copied' : 'made-aac',
    advice,
    pictureJpeg: picture?.toString('base64') ?? null,
  };
}

/** A fragment as a file's first: ffmpeg dates the first of a stream with B-frames before all time. */
function dated(bytes: Buffer, moofBytes: number, duration: number): Buffer {
  const picture = Buffer.from(bytes);
  setFragmentTimes(picture.subarray(0, moofBytes), 0, duration);
  return picture;
}

/** The first picture; a stream that has none to show may still be what it says it is. */
async function pictureOf(trial: Trial, init: InitSegment, ffmpegPath: string): Promise<Buffer | undefined> {
  if (!trial.firstPicture) return undefined;
  try {
    return await decodePicture(ffmpegPath, Buffer.concat([init.bytes, trial.firstPicture]), 640);
  } catch (error) {
    if (error instanceof AppError && error.code === 'no-picture') return undefined;
    throw error;
  }
}

const round = (value: number, steps: number) => Math.round(value * steps) / steps;

function failed(code: StreamProblemCode, detail: string): StreamTestResult {
  return {
    ok: false,
    problem: { code, detail },
    codec: null,
    width: null,
    height: null,
    fps: null,
    gopS: null,
    bitrateKbps: null,
    transport: null,
    audioCodec: null,
    sound: null,
    advice: [],
    pictureJpeg: null,
  };
}
