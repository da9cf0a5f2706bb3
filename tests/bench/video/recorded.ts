import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { until } from '../../support/hub-process.ts';
import { percentile } from '../figures.ts';
import { run, startBenchHub, statusOf } from './bench-hub.ts';
import { courseOf, growthOf, type MemorySample, settledOf } from './memory.ts';
import type { VideoOptions } from './options.ts';
import { childrenOf, cpuMs, memoryBytes, metricsOf, pause, sampleOf } from './proc.ts';
import { checkRecorded, framesOf, type RecordedCheck } from './recorded-check.ts';
import { type Row, single } from './rows.ts';
import { CAMERA, scene, startCameras } from './source.ts';

/** ffmpegs that pull the same source into nothing, at the same time as the hub: the baseline of CPU. */
const BASELINES = 8;
const SAMPLE_MS = 10_000;
const IDLE_MS = 20_000;
const MB = 1024 * 1024;

/** Many cameras recorded at once: cost, loop delay, memory, and whether every frame that was sent is on the disk. */
export async function recorded({ cameras, recordMinutes }: VideoOptions): Promise<Row[]> {
  const source = await startCameras(recordMinutes + 6);
  const bench = await startBenchHub('recorded');
  const baselines: ChildProcess[] = [];
  const ids = Array.from({ length: cameras }, (_, index) => `cam-${index + 1}`);
  try {
    const { hub } = bench.small;
    // What the hub does with no camera at all is nobody's share.
    await pause(10_000);
    const idleBefore = cpuMs(hub.pid);
    await pause(IDLE_MS);
    const idleShare = (cpuMs(hub.pid) - idleBefore) / IDLE_MS;
    const empty = memoryBytes(hub.pid).rss;
    for (const id of ids) await bench.small.addCamera(id, source.url);
    await until(
      'all cameras recorded',
      async () =>
        sampleOf(await metricsOf(hub.httpUrl), 'kalancha_streams_recording') === cameras || undefined,
      60_000 + cameras * 1_500,
    );
    for (let i = 0; i < BASELINES; i++) baselines.push(pullIntoNothing(source.url));
    // Opening bursts and first buffers are no steady state.
    await pause(15_000);
    const measured = await watch(hub.pid, hub.httpUrl, baselines, recordMinutes * 60_000);
    const restarts = await Promise.all(ids.map(async (id) => (await statusOf(bench.officer, id)).restarts));
    const folder = join(hub.dataDir, 'footage');
    const sent = await framesSent();
    const checks: RecordedCheck[] = [];
    for (let num = 1; num <= cameras; num++) checks.push(await checkRecorded(folder, num, sent));
    return rowsOf({ cameras, recordMinutes, empty, idleShare, measured, checks, restarts });
  } finally {
    for (const process of baselines) process.kill('SIGKILL');
    await bench.stop();
    await source.server.kill();
  }
}

function pullIntoNothing(url: string): ChildProcess {
  const child = spawn(
    'ffmpeg',
    [
      '-nostdin',
      '-loglevel',
      'error',
      '-rtsp_transport',
      'tcp',
      '-i',
      url,
      '-map',
      '0:v:0',
      '-c',
      'copy',
      '-f',
      'null',
      '-',
    ],
    { stdio: 'ignore' },
  );
  return child;
}

interface Watched {
  seconds: number;
  hubMs: number;
  ffmpegMs: number;
  ffmpegPss: number[];
  baselineMs: number;
  /** As the hub counts it. */
  picturesMs: number;
  /** What processes used that the hub started and that ended: without restarts, only decoders of pictures. */
  endedMs: number;
  loopP99Ms: number;
  loopMeanMs: number;
  memory: MemorySample[];
}

async function watch(
  hubPid: number,
  httpUrl: string,
  baselines: readonly ChildProcess[],
  ms: number,
): Promise<Watched> {
  const pullers = new Map(childrenOf(hubPid).flatMap((pid) => alive(pid)));
  const nothing = new Map(baselines.flatMap(({ pid }) => (pid === undefined ? [] : alive(pid))));
  // The delay is that since the last reading: this one begins the measurement.
  const picturesBefore = sampleOf(await metricsOf(httpUrl), 'kalancha_picture_cpu_seconds_total');
  const ended = () => cpuMs(hubPid, true) - cpuMs(hubPid);
  const before = { at: performance.now(), hub: cpuMs(hubPid), ended: ended() };
  const memory: MemorySample[] = [];
  while (performance.now() - before.at < ms) {
    await pause(SAMPLE_MS);
    memory.push({ atMs: performance.now() - before.at, rss: memoryBytes(hubPid).rss });
  }
  const seconds = (performance.now() - before.at) / 1000;
  const hubMs = cpuMs(hubPid) - before.hub;
  const text = await metricsOf(httpUrl);
  const read = (name: string) => sampleOf(text, name);
  return {
    seconds,
    hubMs,
    ffmpegMs: usedSince(pullers),
    ffmpegPss: [...pullers.keys()].flatMap((pid) => (alive(pid).length > 0 ? memoryBytes(pid).pss : [])),
    baselineMs: usedSince(nothing) / nothing.size,
    picturesMs: (read('kalancha_picture_cpu_seconds_total') - picturesBefore) * 1000,
    endedMs: ended() - before.ended,
    loopP99Ms: read('nodejs_eventloop_lag_p99_seconds') * 1000,
    loopMeanMs: read('nodejs_eventloop_lag_mean_seconds') * 1000,
    memory,
  };
}

/** A process and the CPU time it has used; nothing for one that ended (looking at pictures takes a moment only). */
function alive(pid: number): [number, number][] {
  try {
    return [[pid, cpuMs(pid)]];
  } catch {
    return [];
  }
}

/** What those that still run have used since, ms. */
const usedSince = (before: ReadonlyMap<number, number>): number =>
  [...before].reduce((sum, [pid, used]) => sum + (alive(pid)[0]?.[1] ?? used) - used, 0);

async function framesSent(): Promise<number[]> {
  const fragmented = join(process.env.TMPDIR ?? '/tmp', `bench-sent-${process.pid}.mp4`);
  await run('ffmpeg', [
    ...['-nostdin', '-loglevel', 'error', '-y', '-i', await scene(), '-c', 'copy'],
    ...['-movflags', '+frag_every_frame+empty_moov+default_base_moof', fragmented],
  ]);
  const bytes = await readFile(fragmented);
  await run('rm', [fragmented]);
  return framesOf(bytes);
}

function rowsOf(all: {
  cameras: number;
  recordMinutes: number;
  empty: number;
  /** Of a core, that the hub uses without any camera. */
  idleShare: number;
  measured: Watched;
  checks: readonly RecordedCheck[];
  restarts: readonly number[];
}): Row[] {
  const { cameras, recordMinutes, empty, idleShare, measured, checks, restarts } = all;
  const { seconds, hubMs, ffmpegMs, baselineMs, picturesMs, memory, ffmpegPss } = measured;
  const percent = (ms: number) => ms / seconds / 10;
  const total = (key: keyof RecordedCheck) => checks.reduce((sum, check) => sum + check[key], 0);
  const wanted = cameras * seconds * CAMERA.fps;
  const settled = settledOf(memory);
  const hubShareMs = Math.max(0, hubMs - idleShare * seconds * 1000);
  const perCamera = (hubShareMs + ffmpegMs) / cameras;
  const restarted = restarts.reduce((sum, one) => sum + one, 0);
  const what = `${cameras} cameras, ${recordMinutes} min`;
  return [
    single(
      `CPU a camera, recording to disk (${what})`,
      'x',
      perCamera / baselineMs,
      1.8,
      `ffmpeg -c copy -f null at the same time: ${percent(baselineMs).toFixed(3)} % of a core`,
      `${percent(perCamera).toFixed(3)} % of a core: ffmpeg ${percent(ffmpegMs / cameras).toFixed(3)}, hub ${percent(hubShareMs / cameras).toFixed(3)} beside the ${(idleShare * 100).toFixed(1)} % that it needs without cameras`,
    ),
    single(
      `frames lost, foreign or out of order (${what})`,
      'frames',
      total('lost') + total('foreign') + total('breaks') + Math.max(0, wanted * 0.99 - total('frames')),
      0,
      `what the server sent: ${total('frames')} frames found on the disk`,
      `lost ${total('lost')}, foreign ${total('foreign')}, breaks ${total('breaks')}, restarts ${restarted}`,
    ),
    single(
      `loop delay p99 (${what})`,
      'ms',
      measured.loopP99Ms,
      50,
      `mean ${measured.loopMeanMs.toFixed(1)} ms, of which 10 ms are the sampling itself`,
    ),
    single(
      `hub memory a camera (${what})`,
      'MB',
      (percentile(
        settled.map(({ rss }) => rss),
        0.5,
      ) -
        empty) /
        cameras /
        MB,
      3,
      `the hub without cameras: ${(empty / MB).toFixed(0)} MB`,
      `each ffmpeg beside it ${(ffmpegPss.reduce((sum, one) => sum + one, 0) / ffmpegPss.length / MB).toFixed(1)} MB PSS`,
    ),
    single(
      `hub memory growth (over ${recordMinutes} min, without its first quarter)`,
      'MB/h',
      growthOf(settled),
      30,
      'a tenth of what a hundred cameras may have',
      courseOf(memory),
    ),
    single(
      `looking at pictures (${what})`,
      '% of a core',
      percent(measured.endedMs),
      3,
      'budget of the design for a hundred cameras',
      `the hub's own count, with its part in the loop: ${percent(picturesMs).toFixed(2)} %`,
    ),
  ];
}

/** Ends a process and waits for it. */
export async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}
