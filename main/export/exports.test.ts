import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { AuditLog } from '../audit/types.ts';
import { manualClock } from '../base/clock.ts';
import { createEventBus } from '../base/event-bus.ts';
import { createLogger } from '../base/logging.ts';
import type { HubEvents } from '../contract/hub-events.ts';
import type { JobOrder, Jobs } from '../jobs/types.ts';
import type { FileSpan, SegmentRef } from '../recording/types.ts';
import { openStorage } from '../storage/database.ts';
import { createCityTime } from './city-time.ts';
import { createExports } from './exports.ts';
import { openExportKey } from './signing.ts';

const unused = () => Promise.reject(new Error('not asked here'));

test('an order that the database refused at last is none: it is not listed and holds no room', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kalancha-exports-'));
  const storage = await openStorage(folder);
  try {
    const clock = manualClock();
    const from = clock.now() - 10_000;
    const segment = { msn: 1, startMs: from, durationUs: 5e6, independent: true, bytes: 1_000 } as SegmentRef;
    const span = {
      startMs: from,
      endMs: from + 5_000,
      breakBefore: null,
      segments: [segment],
    } as Partial<FileSpan> as FileSpan;
    const jobs: Partial<Jobs> = {
      async start(order: JobOrder) {
        await storage.db.transaction().execute(async (trx) => {
          await order.asked?.(trx, {} as Parameters<NonNullable<JobOrder['asked']>>[1]);
          throw new Error('database or disk is full');
        });
        return unused();
      },
      get: () => undefined,
    };
    const exports = createExports({
      ...{ db: storage.db, clock, log: createLogger('silent'), folder, quotaBytes: 1e12, keepDays: 1 },
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
    const viewer = { sessionId: 's', personId: 'ann', name: 'Ann', login: 'ann', from: '127.0.0.1' };
    const order = { cameraIds: ['cam-1'], from, to: from + 5_000, basis: 'КУСП № 7' };
    await expect(
      exports.ask(viewer, { ...order, original: true, sound: false, language: 'ru' }),
    ).rejects.toThrow('database or disk is full');
    expect(exports.list('ann')).toEqual([]);
  } finally {
    await storage.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});
