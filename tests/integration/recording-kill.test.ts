import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import { afterEach, expect, test } from 'vitest';
import type { Recording } from '../../main/recording/types.ts';
import { openStorage, type Storage } from '../../main/storage/database.ts';
import { expectedFootage, partsServed } from '../support/expected-footage.ts';
import { testFmp4 } from '../support/fmp4.ts';
import { killCameras, killDisks, openKillRecording, startOf } from '../support/kill-recording.ts';
import { seeded } from '../support/power-cut.ts';

const ROUNDS = 50;
const LATEST_KILL_MS = 400;

const leave: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const step of leave.splice(0).reverse()) await step();
});

const childScript = fileURLToPath(new URL('../support/kill-child.ts', import.meta.url));

/** Lets a recorder write and kills it `afterMs` after its first byte. @returns segments it said were stored */
async function recordAndKill(dataDir: string, mp4File: string, firstMsn: number, afterMs: number) {
  const child = spawn(process.execPath, [childScript, dataDir, mp4File, String(firstMsn)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const told = new Map<string, number>();
  let timer: NodeJS.Timeout | undefined;
  for await (const line of createInterface({ input: child.stdout })) {
    const [camera = '', msn] = line.split(' ');
    if (camera === 'begun') timer = setTimeout(() => child.kill('SIGKILL'), afterMs);
    else told.set(camera, Math.max(told.get(camera) ?? 0, Number(msn)));
  }
  clearTimeout(timer);
  const [, signal] = await exited;
  if (signal !== 'SIGKILL') throw new Error('the recorder ended by itself');
  return told;
}

/** Every row against its bytes and every file against its row. @returns what is wrong */
async function check(
  { db }: Storage,
  recording: Recording,
  mp4: Buffer,
  dataDir: string,
  cutShort: Set<string>,
): Promise<string[]> {
  const wrong: string[] = [];
  const folders = killDisks(dataDir);
  const rows = await db.selectFrom('recording_file').select(['disk', 'path', 'bytes', 'state']).execute();
  const onDisk = new Set<string>();
  for (const [at, folder] of folders.entries())
    for (const name of await readdir(folder, { recursive: true }))
      if (name.endsWith('.mp4')) onDisk.add(`${at + 1} ${name}`);
  const numbers = new Map(
    (await db.selectFrom('recording_disk').selectAll().execute()).map((disk) => [
      disk.num,
      folders.indexOf(disk.folder ?? '') + 1,
    ]),
  );
  for (const row of rows) {
    const place = numbers.get(row.disk ?? 0) ?? 0;
    if (row.state !== 'closed') wrong.push(`${row.path} is ${row.state}`);
    if (!onDisk.delete(`${place} ${row.path}`)) wrong.push(`${row.path} has no file`);
    else if ((await stat(join(folders[place - 1] ?? '', row.path))).size < row.bytes)
      wrong.push(`${row.path} is shorter than its row says`);
  }
  for (const path of onDisk) wrong.push(`${path} has no row`);
  // Each disk gives away its own oldest files: what is older than all of one disk may have been there.
  const oldest = await db
    .selectFrom('recording_file')
    .select(({ fn }) => fn.min<number>('end_ms').as('end'))
    .groupBy('disk')
    .execute();
  const mayBeGoneBefore = Math.max(...oldest.map(({ end }) => end));
  for (const camera of killCameras) {
    const spans = await recording.spans(camera.id, 'main', 0, Date.now());
    const segments = spans.flatMap((span) => span.segments);
    let footage = new Map<number, Buffer[]>();
    for (const [at, segment] of segments.entries()) {
      const firstMsn = segment.msn - (segment.msn % 100);
      if (!footage.has(segment.msn)) footage = expectedFootage(mp4, startOf(camera.num, firstMsn), firstMsn);
      const parts = footage.get(segment.msn) ?? [];
      const count = partsServed(await recording.read(segment), parts);
      const name = `${camera.id} ${segment.msn}`;
      if (count === undefined || count === 0) wrong.push(`${name}: something else is served`);
      // Only what was being written when it was killed may be shorter than it was.
      else if (count < parts.length && at === segments.length - 1) cutShort.add(name);
      else if (count < parts.length && !cutShort.has(name)) wrong.push(`${name}: cut short`);
      const before = segments[at - 1];
      const follows = before === undefined || segment.msn === before.msn + 1 || segment.msn % 100 === 0;
      if (!follows && segment.startMs > mayBeGoneBefore) wrong.push(`${name}: what is before it is missing`);
    }
  }
  return wrong;
}

test('killed with -9 at 50 moments, index and bytes agree after each, and nothing told as stored is lost', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'kalancha-kill-'));
  leave.push(() => rm(dataDir, { recursive: true, force: true }));
  const mp4 = await testFmp4({ seconds: 66, fps: 5, gop: 10, size: '128x96' });
  const mp4File = join(dataDir, 'footage.mp4');
  await writeFile(mp4File, mp4);
  const random = seeded(9);
  const cutShort = new Set<string>();
  let recovered = 0;
  for (let round = 1; round <= ROUNDS; round++) {
    const told = await recordAndKill(dataDir, mp4File, round * 10_000, random() * LATEST_KILL_MS);
    const storage = await openStorage(dataDir);
    const { recording } = openKillRecording(storage.db, dataDir);
    try {
      const findings = await recording.start();
      recovered += findings.length;
      const kinds = new Set(findings.map((finding) => finding.kind));
      expect(
        [...kinds].filter((kind) => ['unreadable', 'missing-disk', 'missing-file'].includes(kind)),
      ).toEqual([]);
      expect(await check(storage, recording, mp4, dataDir, cutShort), `round ${round}`).toEqual([]);
      for (const [camera, msn] of told)
        expect(await recording.lastMsn(camera, 'main'), `round ${round}`).toBeGreaterThanOrEqual(msn);
      const whole = await sql<{ integrity_check: string }>`PRAGMA integrity_check`.execute(storage.db);
      expect(whole.rows).toEqual([{ integrity_check: 'ok' }]);
    } finally {
      await recording.stop();
      await storage.stop();
    }
  }
  // The kills met it at work.
  expect(recovered).toBeGreaterThan(ROUNDS / 2);
}, 600_000);
