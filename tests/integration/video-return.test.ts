import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { endlessFootage } from '../support/footage.ts';
import { startRtspServer } from '../support/rtsp-server.ts';
import { camera, openVideoBench, until } from '../support/video-bench.ts';

test('a server that was gone for long is met when it is back, and nothing was started in between', async () => {
  const mounts = [{ path: '/street', file: await endlessFootage() }];
  const first = await startRtspServer({ mounts });
  const bench = await openVideoBench([camera('cam-1', 1, first.url('/street'), { sound: false })]);
  let second: Awaited<ReturnType<typeof startRtspServer>> | undefined;
  try {
    const state = () => bench.video.status('cam-1')?.state;
    await until('the picture', () => state() === 'running', 60_000);
    await first.kill();
    await until('the loss', () => state() === 'waiting');
    const lost = bench.video.status('cam-1')?.restarts ?? 0;
    // Longer than several times of backing off.
    const goneUntil = performance.now() + 6_000;
    let started = 0;
    await until('some seconds without it', () => {
      started += bench.video.pids().size;
      return performance.now() > goneUntil;
    });
    expect(started).toBe(0);
    second = await startRtspServer({ mounts, port: first.port });
    const backAt = performance.now();
    await until('the picture again', () => state() === 'running', 60_000);
    if (process.env.TEST_FIGURES)
      console.log(`picture back after ${Math.round(performance.now() - backAt)} ms`);
    // One attempt that failed as the server went, at most one more as it went, none while it was away.
    expect((bench.video.status('cam-1')?.restarts ?? 0) - lost).toBeLessThanOrEqual(1);
  } finally {
    await bench.close();
    await second?.kill();
    await first.kill();
  }
});

test('a hub that is killed takes its ffmpegs along, even of a camera that hangs', async () => {
  const server = await startRtspServer({ mounts: [{ path: '/street', file: await endlessFootage() }] });
  const dataDir = await mkdtemp(join(tmpdir(), 'kalancha-killed-'));
  const script = fileURLToPath(new URL('../support/recorder-child.ts', import.meta.url));
  const hub = spawn(process.execPath, [script, dataDir, server.url('/street')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const lines = createInterface({ input: hub.stdout });
    const [line] = (await once(lines, 'line')) as [string];
    const pid = Number(/^ffmpeg (\d+)$/.exec(line)?.[1]);
    expect(pid).toBeGreaterThan(1);
    const runs = () => {
      try {
        return process.kill(pid, 0);
      } catch {
        // No such process any more.
        return false;
      }
    };
    expect(runs()).toBe(true);
    // No frame comes any more that could break a pipe, and no connection ends.
    server.freeze();
    const exited = once(hub, 'exit');
    hub.kill('SIGKILL');
    await exited;
    await until('ffmpeg to end', () => !runs());
  } finally {
    hub.kill('SIGKILL');
    server.thaw();
    await server.kill();
    await rm(dataDir, { recursive: true, force: true });
  }
});
