import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { AuditLog } from '../audit/types.ts';
import { manualClock } from '../base/clock.ts';
import { createEventBus } from '../base/event-bus.ts';
import { createLogger } from '../base/logging.ts';
import type { ExportInput } from '../contract/export.ts';
import type { HubEvents } from '../contract/hub-events.ts';
import type { JobOrder, Jobs } from '../jobs/types.ts';
import type { FileSpan, SegmentRef } from '../recording/types.ts';
import { openStorage, type Storage } from '../storage/database.ts';
import { createCityTime } from './city-time.ts';
import { createExports } from './exports.ts';
import { openExportKey } from './signing.ts';

const unused = () => Promise.reject(new Error('not asked here'));

let folder: string;
let storage: Storage;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kalancha-exports-'));
  storage = await openStorage(folder);
});
afterEach(async () => {
  await storage.stop();
  rmSync(folder, { recursive: true, force: true });
});

const clock = manualClock();
const from = clock.now() - 10_000;
const SEGMENT_BYTES = 1_000;
const viewer = { sessionId: 's', personId: 'ann', name: 'Ann', login: 'ann', from: '127.0.0.1' };
const order: ExportInput = {
  ...{ cameraIds: ['cam-1'], from, to: from + 5_000, basis: 'КУСП № 7' },
  ...{ original: true, sound: false, language: 'ru' },
};

/** Exports of one camera's only segment; `commit` is the end of the transaction that stores an order. */
function open(quotaBytes: number, commit: () => void) {
  const segment = {
    ...{ msn: 1, startMs: from, durationUs: 5e6, independent: true, bytes: SEGMENT_BYTES },
  } as SegmentRef;
  const span = {
    startMs: from,
    endMs: from + 5_000,
    breakBefore: null,
    segments: [segment],
  } as Partial<FileSpan> as FileSpan;
  const jobs: Partial<Jobs> = {
    async start(asked: JobOrder) {
      await storage.db.transaction().execute(async (trx) => {
        await asked.asked?.(trx, {} as Parameters<NonNullable<JobOrder['asked']>>[1]);
        commit();
      });
      return {} as Awaited<ReturnType<Jobs['start']>>;
    },
    get: () => undefined,
  };
  return createExports({
    ...{ db: storage.db, clock, log: createLogger('silent'), folder, quotaBytes, keepDays: 1 },
    bus: createEventBus<HubEvents>((_name, error) => {
      throw error;
    }),
    audit: { append: async () => undefined } as Partial<AuditLog> as AuditLog,
    devices: { get: () => undefined },
    describeCamera: async () => ({ name: 'Камера', address: '' }),
    personGate: { person: () => undefined, may: () => ({ allowed: true }) },
    jobs: jobs as Jobs,
    maker: {
      footage: {
        ...{ segmentAt: unused, init: unused, read: unused, flush: async () => undefined },
        spans: async (_camera, track) => (track === 'main' ? [span] : []),
        timeline: async (cameraId, _track, start, to) => ({
          ...{ cameraId, from: start, to, spans: [], gaps: [], oldest: null, newest: null },
        }),
      },
      ffmpegPath: 'ffmpeg',
      key: openExportKey(join(folder, 'export.key')),
      hub: { id: 'hub', version: '0', city: 'moscow', timeZone: 'Europe/Moscow' },
      cityTime: createCityTime('Europe/Moscow'),
      now: clock.now,
    },
  });
}

test('an order that the database refused at last is none: it is not listed and holds no room', async () => {
  const exports = open(1e12, () => {
    throw new Error('database or disk is full');
  });
  await expect(exports.ask(viewer, order)).rejects.toThrow('database or disk is full');
  expect(exports.list('ann')).toEqual([]);
});

test('room for one is given to one, however many ask at the same moment', async () => {
  const exports = open(SEGMENT_BYTES * 1.5, () => undefined);
  const asked = await Promise.allSettled([1, 2, 3].map(() => exports.ask(viewer, order)));
  expect(asked.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected']);
  for (const one of asked)
    if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'export-no-room' });
  expect(exports.list('ann')).toHaveLength(1);
});
