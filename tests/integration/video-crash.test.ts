import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import { afterEach, expect, test } from 'vitest';
import { endlessFootage } from '../support/footage.ts';
import { framehash } from '../support/framehash.ts';
import { startRtspServer } from '../support/rtsp-server.ts';
import { camera, openVideoBench, until } from '../support/video-bench.ts';
import { openVideoServer } from '../support/video-server.ts';

const leave: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const step of leave.splice(0).reverse()) await step();
});

const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** Records in another process until `parts` parts have come, and kills it in the middle of the next. */
async function recordAndKill(dataDir: string, url: string, parts: number): Promise<{ parts: number }> {
  const script = fileURLToPath(new URL('../support/recorder-child.ts', import.meta.url));
  const child = spawn(process.execPath, [script, dataDir, url], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  leave.push(async () => {
    child.kill('SIGKILL');
    await exited;
  });
  let ffmpegPid = 0;
  let seen = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    const [what, value] = line.split(' ');
    if (what === 'ffmpeg') ffmpegPid = Number(value);
    else seen = Number(value);
    if (seen >= parts) break;
  }
  expect(alive(ffmpegPid)).toBe(true);
  child.kill('SIGKILL');
  await exited;
  // Nobody reads its pipe any more: it must not live on alone.
  await until('ffmpeg to end with the hub', () => !alive(ffmpegPid));
  return { parts: seen };
}

test.each([
  ['in the middle of a later segment', 38, 'recovered'],
  ['before the first segment was whole', 8, 'adopted'],
])('killed with -9 %s, the archive plays up to the last second', async (_when, parts, kind) => {
  const file = await endlessFootage();
  const server = await startRtspServer({ mounts: [{ path: '/street', file }] });
  leave.push(() => server.kill());
  const dataDir = await mkdtemp(join(tmpdir(), 'kalancha-crash-'));
  leave.push(() => rm(dataDir, { recursive: true, force: true }));
  const killed = await recordAndKill(dataDir, server.url('/street'), parts);

  const bench = await openVideoBench([{ ...camera('cam-1', 1, ''), source: null }], { dataDir });
  leave.push(() => bench.close());
  expect(bench.findings.map((finding) => finding.kind)).toEqual([kind]);
  const hub = await openVideoServer(bench);
  leave.push(() => hub.close());
  hub.give('officer');
  const now = Date.now();
  const { frames, complaints } = await framehash(
    `${hub.base}/api/video/cam-1/archive-main.m3u8?from=${now - 60_000}&to=${now}`,
    { cookie: 'session=officer' },
  );
  expect(complaints).toBe('');
  const sent = await framehash(file);
  expect(frames).toEqual(sent.frames.slice(0, frames.length));
  // Two frames a part, five parts a second: a second's parts are written at one go, and while a slow disk takes them the
  // next second's gather.
  expect(frames.length).toBeGreaterThanOrEqual((killed.parts - 11) * 2);
  expect(frames.length).toBeGreaterThan(0);
  const whole = await sql<{ integrity_check: string }>`PRAGMA integrity_check`.execute(bench.storage.db);
  expect(whole.rows).toEqual([{ integrity_check: 'ok' }]);
  const rows = await bench.storage.db.selectFrom('recording_file').select('state').execute();
  expect(rows.map((row) => row.state)).toEqual(['closed']);
  // A second start finds nothing more to repair.
  await bench.close();
  const again = await openVideoBench([{ ...camera('cam-1', 1, ''), source: null }], { dataDir });
  leave.push(() => again.close());
  expect(again.findings).toEqual([]);
});

test('a full disk pauses recording, live goes on, and recording comes back by itself', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'kalancha-full-'));
  leave.push(() => rm(dataDir, { recursive: true, force: true }));
  const disk = join(dataDir, 'disk');
  await mkdir(disk);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=12m', 'tmpfs', disk]);
  leave.push(async () => execFileSync('umount', ['-l', disk]));
  await writeFile(join(disk, 'ballast'), Buffer.alloc(10_500_000));

  const server = await startRtspServer({ mounts: [{ path: '/street', file: await endlessFootage() }] });
  leave.push(() => server.kill());
  const bench = await openVideoBench([camera('cam-1', 1, server.url('/street'))], {
    dataDir,
    recordings: join(disk, 'recordings'),
  });
  leave.push(() => bench.close());
  await until('the disk to be full', () => bench.recording.failing('cam-1', 'main'), 60_000);
  expect(bench.video.status('cam-1')).toMatchObject({
    state: 'running',
    recording: false,
    problem: { code: 'disk-full' },
  });
  const failing = await bench.recording.state();
  expect(failing.failingSince).not.toBeNull();
  expect(failing.problem).toMatch(/ENOSPC|bytes are free/);
  expect(failing.disks).toMatchObject([{ state: 'full', reason: 'no-room' }]);
  const before = await bench.video.livePlaylist('cam-1', 'main', {}, new AbortController().signal);
  const msn = Number(/MEDIA-SEQUENCE:(\d+)/.exec(before)?.[1]) + before.split('#EXTINF').length;
  const after = await bench.video.livePlaylist('cam-1', 'main', { msn }, new AbortController().signal);
  expect(after).toContain(`segment/main-${msn}.m4s`);

  await rm(join(disk, 'ballast'));
  await until('recording to come back', () => !bench.recording.failing('cam-1', 'main'));
  await until('two spans', async () => {
    const { spans } = await bench.video.timeline('cam-1', Date.now() - 120_000, Date.now());
    return spans.length === 2;
  });
  const timeline = await bench.video.timeline('cam-1', Date.now() - 120_000, Date.now());
  expect(timeline.gaps.at(-1)?.reason).toBe('disk');
  expect((await bench.recording.state()).failingSince).toBeNull();
  expect(bench.video.status('cam-1')).toMatchObject({ recording: true, problem: null });
  const archive = await until('what is new to be indexed', async () => {
    const playlist = await bench.archive.playlist('cam-1', 'main', Date.now() - 120_000, Date.now());
    return playlist.includes('#EXT-X-DISCONTINUITY') && playlist;
  });
  expect(archive.match(/^#EXT-X-DISCONTINUITY$/gm)).toHaveLength(1);
}, 240_000);
