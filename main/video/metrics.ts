import { Gauge, type Registry } from 'prom-client';
import {
  SoundState,
  type StreamFacts,
  StreamState,
  type StreamStatus,
  type TrackName,
  TrackNames,
} from '../contract/video.ts';
import type { Recording } from '../recording/types.ts';
import type { Video } from './video.ts';

/** Adds what streams and the store are doing to a Prometheus registry: counts, nothing that names a camera. */
export function registerVideoMetrics(
  registry: Registry,
  video: Pick<Video, 'statuses'>,
  recording: Pick<Recording, 'state'>,
  watching: () => number,
): void {
  const registers = [registry];
  const streams = () => video.statuses().flatMap(streamsOf);
  new Gauge({
    name: 'kalancha_streams',
    help: 'Streams with an address, by stream (main, second, sound) and state',
    labelNames: ['stream', 'state'],
    registers,
    collect() {
      const all = streams();
      for (const stream of TrackNames)
        for (const state of stream === 'sound' ? SoundState.options : StreamState.options)
          this.set(
            { stream, state },
            all.filter((one) => one.stream === stream && one.state === state).length,
          );
    },
  });
  perStream('kalancha_streams_recording', 'Streams whose footage reaches the disk', (one) =>
    one.recording ? 1 : 0,
  );
  perStream('kalancha_stream_restarts', 'Restarts of the streams that run now', (one) => one.restarts);
  perStream('kalancha_stream_bits_per_second', 'What all streams send together', (one) => one.bitsPerSecond);
  perStream('kalancha_stream_frames_per_second', 'Frames of all streams together', (one) => one.fps);
  new Gauge({
    name: 'kalancha_stream_problems',
    help: 'Streams with a problem, by what it is',
    labelNames: ['stream', 'problem'],
    registers,
    collect() {
      this.reset();
      for (const { stream, problem } of streams()) if (problem !== null) this.inc({ stream, problem });
    },
  });
  new Gauge({
    name: 'kalancha_stream_codecs',
    help: 'Streams by codec',
    labelNames: ['stream', 'codec'],
    registers,
    collect() {
      this.reset();
      for (const { stream, codec } of streams()) if (codec !== null) this.inc({ stream, codec });
    },
  });

  function perStream(name: string, help: string, amount: (one: OneStream) => number): void {
    new Gauge({
      name,
      help,
      labelNames: ['stream'],
      registers,
      collect() {
        const all = streams();
        for (const stream of TrackNames)
          this.set(
            { stream },
            all.reduce((sum, one) => sum + (one.stream === stream ? amount(one) : 0), 0),
          );
      },
    });
  }
  new Gauge({
    name: 'kalancha_recording_bytes',
    help: 'Bytes of footage in the index',
    registers,
    async collect() {
      this.set((await recording.state()).bytes);
    },
  });
  new Gauge({
    name: 'kalancha_recording_free_bytes',
    help: 'Bytes free on the disk of the recordings; -1 where the system does not tell',
    registers,
    async collect() {
      this.set((await recording.state()).freeBytes ?? -1);
    },
  });
  new Gauge({
    name: 'kalancha_live_views',
    help: 'Live views open now',
    registers,
    collect() {
      this.set(watching());
    },
  });
}

interface OneStream {
  stream: TrackName;
  state: string;
  recording: boolean;
  restarts: number;
  bitsPerSecond: number;
  fps: number;
  problem: string | null;
  /** `avc1`, `hvc1`, `mp4a`. */
  codec: string | null;
}

function streamsOf(status: StreamStatus): OneStream[] {
  const picture = (stream: TrackName, facts: StreamFacts): OneStream => ({
    stream,
    state: facts.state,
    recording: facts.recording,
    restarts: facts.restarts,
    bitsPerSecond: (facts.bitrateKbps ?? 0) * 1_000,
    fps: facts.fps ?? 0,
    problem: facts.problem?.code ?? null,
    codec: facts.format?.codec.slice(0, 4) ?? null,
  });
  const { second, sound } = status;
  return [
    picture('main', status),
    ...(second ? [picture('second', second)] : []),
    ...(sound
      ? [
          {
            ...{ stream: 'sound' as const, state: sound.state, recording: sound.recording, restarts: 0 },
            ...{ bitsPerSecond: (sound.bitrateKbps ?? 0) * 1_000, fps: 0, problem: null },
            codec: sound.codec?.slice(0, 4) ?? null,
          },
        ]
      : []),
  ];
}
