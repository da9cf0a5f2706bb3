import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { createCityTime } from './city-time.ts';
import { openExportKey } from './signing.ts';
import { createSnapshots } from './snapshot.ts';

const before = process.env.TMPDIR;
const folder = mkdtempSync(join(tmpdir(), 'kalancha-snapshot-test-'));
afterEach(() => {
  if (before === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = before;
  rmSync(folder, { recursive: true, force: true });
});

test('a full disk for temporary files takes no place from those who come later', async () => {
  const unused = () => Promise.reject(new Error('not asked here'));
  const footage = { spans: unused, segmentAt: unused, timeline: unused, init: unused, read: unused };
  const snapshots = createSnapshots(
    {
      footage: { ...footage, flush: unused },
      ffmpegPath: 'ffmpeg',
      key: openExportKey(join(folder, 'export.key')),
      hub: { id: 'hub', version: '0', city: 'moscow', timeZone: 'Europe/Moscow' },
      cityTime: createCityTime('Europe/Moscow'),
      now: () => 0,
    },
    () => null,
  );
  process.env.TMPDIR = join(folder, 'not-there');
  const order = {
    id: 'a',
    camera: { id: 'cam-1', name: '', address: '' },
    person: { id: 'p', login: 'p', name: '', unit: '', number: '' },
    at: null,
    original: false,
    basis: '',
    language: 'ru' as const,
  };
  // More often than there are places.
  for (let time = 0; time < 3; time++)
    await expect(snapshots.take(order, new AbortController().signal)).rejects.toMatchObject({
      code: 'ENOENT',
    });
});
