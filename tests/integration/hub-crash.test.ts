import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import SqliteConnection from 'better-sqlite3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Timeline } from '../../main/contract/video.ts';
import { signIn, until } from '../support/hub-process.ts';
import { type ScenesProcess, startScenesProcess } from '../support/scenes-process.ts';
import { PASSWORD, type SmallHub, startSmallHub } from '../support/small-hub.ts';

const run = promisify(execFile);
let scenes: ScenesProcess;
let small: SmallHub;

beforeAll(async () => {
  scenes = await startScenesProcess();
  small = await startSmallHub('crash');
  await small.addCamera('cam-1', `${scenes.url}/camera/1.ts`);
  await small.addPerson('officer', 'police-officer');
});
afterAll(async () => {
  await small.stop();
  await scenes.stop();
});

const officer = () => signIn(small.hub.httpUrl, 'officer', PASSWORD);
const timeline = async () =>
  (await officer()).json<Timeline>(`/api/video/cam-1/timeline?from=${Date.now() - 600_000}&to=${Date.now()}`);

/** ffmpegs whose parent is this process. */
function ffmpegsOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
        return (
          stat.includes('(ffmpeg)') && Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === pid
        );
      } catch {
        // It ended between the listing and the look.
        return false;
      }
    })
    .map(Number);
}

const alive = (pid: number) => {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
};

it('a hub killed while recording loses nothing that was complete, and its ffmpeg ends with it', async () => {
  await until(
    'ten seconds of footage',
    async () => {
      const { oldest, newest } = await timeline();
      return oldest && newest && newest - oldest > 10_000 ? true : undefined;
    },
    60_000,
  );
  // One pulls the camera; another may look at a picture of it just now.
  const ffmpegs = ffmpegsOf(small.hub.pid);
  expect(ffmpegs.length).toBeGreaterThan(0);
  const { newest: told } = await timeline();
  const killedAt = Date.now();
  await small.crash();
  await until('the old ffmpeg to end', () => (ffmpegs.some(alive) ? undefined : true));

  const database = new SqliteConnection(join(small.hub.dataDir, 'kalancha.db'), { readonly: true });
  expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
  database.close();
  const audit = await run(process.execPath, [
    'dist/main/cli.js',
    'verify-audit',
    '--data',
    small.hub.dataDir,
  ]);
  expect(audit.stdout).toContain('whole');

  const { spans, oldest } = await timeline();
  const before = spans.filter((span) => span.from < killedAt).at(-1);
  // Of what it had told to be there only the last parts may have been on their way to the disk.
  expect(before?.to).toBeGreaterThan((told ?? Number.POSITIVE_INFINITY) - 5_000);
  const { cookie } = await officer();
  const { stderr } = await run('ffmpeg', [
    ...['-nostdin', '-hide_banner', '-loglevel', 'warning', '-headers', `Cookie: ${cookie}\r\n`],
    ...[
      '-i',
      `${small.hub.httpUrl}/api/video/cam-1/archive-main.m3u8?from=${oldest}&to=${before?.to}`,
      '-f',
      'null',
      '-',
    ],
  ]);
  expect(stderr).toBe('');
});

it('recording goes on after the restart, and the time between is a gap that says why', async () => {
  const { spans, gaps } = await until('footage after the restart', async () => {
    const found = await timeline();
    return found.spans.length >= 2 ? found : undefined;
  });
  expect(spans.length).toBeGreaterThanOrEqual(2);
  expect(gaps.some(({ reason }) => reason === 'hub-stopped')).toBe(true);
});

it('SIGTERM ends every ffmpeg before the hub', async () => {
  const ffmpegs = await until('the camera to be pulled', () => {
    const found = ffmpegsOf(small.hub.pid);
    return found.length > 0 ? found : undefined;
  });
  expect(await small.hub.stop()).toBe(0);
  expect(ffmpegs.filter(alive)).toEqual([]);
});
