import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { endlessFootage } from '../support/footage.ts';
import { startRtspServer } from '../support/rtsp-server.ts';
import { settableClock } from '../support/set-clock.ts';
import { camera, openVideoBench } from '../support/video-bench.ts';

const HOUR = 3_600_000;
const leave: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const step of leave.splice(0).reverse()) await step();
});

interface Written {
  msn: number;
  from: number;
  to: number;
}

const childScript = fileURLToPath(new URL('../support/clock-child.ts', import.meta.url));

/** A recorder whose clock is set; `next` waits for so many more stored segments. */
function startRecorder(dataDir: string, url: string, env: Record<string, string>) {
  const child = spawn(process.execPath, [childScript, dataDir, url], {
    env: { ...process.env, TZ: 'Europe/Berlin', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  leave.push(async () => {
    child.kill('SIGKILL');
    await exited;
  });
  return {
    async next(count: number): Promise<Written[]> {
      const written: Written[] = [];
      while (written.length < count) {
        const { value, done } = await lines.next();
        if (done) throw new Error('the recorder ended by itself');
        const [msn, from, to] = String(value).split(' ').map(Number);
        written.push({ msn: msn ?? 0, from: from ?? 0, to: to ?? 0 });
      }
      return written;
    },
    async stop(): Promise<void> {
      child.kill('SIGTERM');
      await exited;
    },
  };
}

test('a clock set back an hour, forward an hour, and the end of summer time lose and overwrite nothing', async () => {
  const server = await startRtspServer({ mounts: [{ path: '/street', file: await endlessFootage() }] });
  leave.push(() => server.kill());
  const dataDir = await mkdtemp(join(tmpdir(), 'kalancha-clock-'));
  leave.push(() => rm(dataDir, { recursive: true, force: true }));
  // Some seconds before clocks on walls in Berlin show two o'clock again.
  const end = Date.UTC(2025, 9, 26, 1, 0, 0);
  const start = end - 15_000;
  const offset = start - Date.now();
  const clock = settableClock(join(dataDir, 'clock'), offset);

  const first = startRecorder(dataDir, server.url('/street'), clock.env);
  const summer = await first.next(2);
  while ((summer.at(-1)?.to ?? 0) < end + 2_000) summer.push(...(await first.next(1)));
  clock.set(offset - HOUR);
  const back = await first.next(4);
  clock.set(offset);
  const forth = await first.next(4);
  await first.stop();
  // Another start with the clock wrong again: numbers go on where they were.
  clock.set(offset - HOUR);
  const second = startRecorder(dataDir, server.url('/street'), clock.env);
  const restarted = await second.next(3);
  await second.stop();

  const told = [...summer, ...back, ...forth, ...restarted];
  const bench = await openVideoBench([{ ...camera('cam-1', 1, ''), source: null }], {
    dataDir,
    limits: { defaultDays: 36_500 },
  });
  leave.push(() => bench.close());
  expect(bench.findings).toEqual([]);
  const rows = await bench.storage.db.selectFrom('recording_file').selectAll().orderBy('first_msn').execute();
  // One name a file, one number a segment, in the order in which they came.
  const names = (await readdir(join(dataDir, 'recordings'), { recursive: true })).filter((name) =>
    name.endsWith('.mp4'),
  );
  expect(names.sort()).toEqual(rows.map((row) => row.path).sort());
  const spans = await bench.recording.spans('cam-1', 'main', start - 2 * HOUR, start + 2 * HOUR);
  const segments = spans.flatMap((span) => span.segments);
  const numbers = segments.map((segment) => segment.msn);
  expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
  expect(numbers).toEqual(expect.arrayContaining(told.map((one) => one.msn)));
  for (const segment of segments) expect((await bench.recording.read(segment)).length).toBeGreaterThan(0);

  // UTC knows no summer time: footage goes on over its end without a break.
  const overEnd = summer.filter((one, at) => at > 0 && Math.abs(one.from - (summer[at - 1]?.to ?? 0)) > 200);
  expect(overEnd).toEqual([]);
  expect(summer[0]?.from).toBeLessThan(end);
  expect(summer.at(-1)?.to).toBeGreaterThan(end);
  // Each jump is a break that is told, and what follows stands where the clock then was.
  expect(rows.filter((row) => row.break_before === 'clock').length).toBe(2);
  expect(back.at(-1)?.from).toBeLessThan(start - HOUR / 2);
  expect(forth.at(-1)?.from).toBeGreaterThan(start);
  const timeline = await bench.video.timeline('cam-1', start - 2 * HOUR, start + 2 * HOUR);
  const covers = (at: number) => timeline.spans.some((span) => span.from <= at && span.to >= at);
  for (const one of told) expect(covers((one.from + one.to) / 2), `${one.msn}`).toBe(true);
  expect(covers(start - HOUR / 2)).toBe(false);
}, 240_000);
