import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import type { StreamStatus } from '../contract/video.ts';
import { registerVideoMetrics } from './metrics.ts';

const status = (state: StreamStatus['state'], recording: boolean, restarts: number): StreamStatus => ({
  ...{ cameraId: 'cam-secret', state, since: 0, format: null, fps: null, bitrateKbps: null, gopS: null },
  ...{ transport: null, lastFrameAt: null, recording, restarts, problem: null, nextAttemptAt: null },
  ...{ viewTrack: 'main', second: null, sound: null },
});

test('streams and store are counted, and no camera is named', async () => {
  const registry = new Registry();
  registerVideoMetrics(
    registry,
    {
      statuses: () => [status('running', true, 1), status('running', false, 0), status('waiting', false, 4)],
    },
    { state: async () => ({ bytes: 123, failingSince: null, problem: null, freeBytes: null, disks: [] }) },
    () => 7,
  );
  const text = await registry.metrics();
  for (const line of [
    'kalancha_streams{stream="main",state="running"} 2',
    'kalancha_streams{stream="main",state="waiting"} 1',
    'kalancha_streams{stream="main",state="idle"} 0',
    'kalancha_streams_recording{stream="main"} 1',
    'kalancha_stream_restarts{stream="main"} 5',
    'kalancha_recording_bytes 123',
    'kalancha_recording_free_bytes -1',
    'kalancha_live_views 7',
  ])
    expect(text).toContain(`${line}\n`);
  expect(text).not.toContain('cam-secret');
});
