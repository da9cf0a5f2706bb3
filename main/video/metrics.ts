import { Gauge, type Registry } from 'prom-client';
import { StreamState } from '../contract/video.ts';
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
  new Gauge({
    name: 'kalancha_streams',
    help: 'Cameras with a stream address, by state of the stream',
    labelNames: ['state'],
    registers,
    collect() {
      const statuses = video.statuses();
      for (const state of StreamState.options)
        this.set({ state }, statuses.filter((status) => status.state === state).length);
    },
  });
  new Gauge({
    name: 'kalancha_streams_recording',
    help: 'Streams whose footage reaches the disk',
    registers,
    collect() {
      this.set(video.statuses().filter((status) => status.recording).length);
    },
  });
  new Gauge({
    name: 'kalancha_stream_restarts',
    help: 'Restarts of the streams that run now',
    registers,
    collect() {
      this.set(video.statuses().reduce((sum, status) => sum + status.restarts, 0));
    },
  });
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
