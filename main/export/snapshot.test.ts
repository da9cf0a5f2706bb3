import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import { createCityTime } from './city-time.ts';
import { openExportKey } from './signing.ts';
import { createSnapshots } from './snapshot.ts';

const before = process.env.TMPDIR;
const folder = mkdtempSync(join(tmpdir(), 'kalancha-snapshot-test-'));
afterEach(() => {
  if (before === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = before;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const unused = () => Promise.reject(new Error('not asked here'));
function snapshotsOf(flush: () => Promise<never>, timeoutMs?: number) {
  const footage = { spans: unused, segmentAt: unused, timeline: unused, init: unused, read: unused };
  return createSnapshots(
    {
      footage: { ...footage, flush },
      ffmpegPath: 'ffmpeg',
      key: openExportKey(join(folder, 'export.key')),
      hub: { id: 'hub', version: '0', city: 'moscow', timeZone: 'Europe/Moscow' },
      cityTime: createCityTime('Europe/Moscow'),
      now: () => 0,
    },
    () => null,
    timeoutMs,
  );
}
const order = {
  id: 'a',
  camera: { id: 'cam-1', name: '', address: '' },
  person: { id: 'p', login: 'p', name: '', unit: '', number: '' },
  at: null,
  original: false,
  basis: '',
  language: 'ru' as const,
};

test('a full disk for temporary files takes no place from those who come later', async () => {
  const snapshots = snapshotsOf(unused);
  process.env.TMPDIR = join(folder, 'not-there');
  // More often than there are places.
  for (let time = 0; time < 3; time++)
    await expect(snapshots.take(order, new AbortController().signal)).rejects.toMatchObject({
      code: 'ENOENT',
    });
});

test('who waits too long for his turn is told to try again', async () => {
  const last = Promise.withResolvers<never>();
  const snapshots = snapshotsOf(() => last.promise, 50);
  const { signal } = new AbortController();
  const first = [snapshots.take(order, signal), snapshots.take(order, signal)];
  await expect(snapshots.take(order, signal)).rejects.toMatchObject({ code: 'pictures-busy', status: 503 });
  const ended = Promise.allSettled(first);
  last.reject(new Error('over'));
  for (const end of await ended)
    expect(end).toMatchObject({ status: 'rejected', reason: { message: 'over' } });
});
