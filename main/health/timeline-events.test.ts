import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openStorage, type Storage } from '../storage/database.ts';
import { createTimelineEvents } from './timeline-events.ts';

const NOON = Date.UTC(2026, 0, 15, 12);
let dir: string;
let storage: Storage;
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'kalancha-timeline-events-'));
  storage = await openStorage(dir);
});
afterEach(async () => {
  await storage.stop();
  rmSync(dir, { recursive: true, force: true });
});

const change = (at: number, status: string, reason = 'none', num = 1) =>
  storage.db.insertInto('status_changes').values({ num, at, status, reason }).execute();
const told = (at: number, type: string, severity = 'info') =>
  storage.db
    .insertInto('device_events')
    .values({ num: 1, at, type, severity, session: 1, seq: at - NOON, ts: at, body: '{}' })
    .execute();

test('status changes and events of one device in the range, oldest first', async () => {
  await change(NOON - 1, 'online');
  await change(NOON, 'degraded', 'picture-black');
  await told(NOON + 1000, 'tamper', 'critical');
  await change(NOON + 2000, 'online', 'stream-ok');
  await change(NOON + 3000, 'offline', 'will', 2);
  await change(NOON + 5000, 'offline');
  const { events, more } = await createTimelineEvents(storage.db)(1, NOON, NOON + 5000, 0);
  expect(events).toEqual([
    { kind: 'status', at: NOON, status: 'degraded', reason: 'picture-black', count: 1 },
    { kind: 'device', at: NOON + 1000, type: 'tamper', severity: 'critical', count: 1 },
    { kind: 'status', at: NOON + 2000, status: 'online', reason: 'stream-ok', count: 1 },
  ]);
  expect(more).toBe(false);
});

test('of what is too near to tell apart the gravest stands for all, at its own time', async () => {
  await change(NOON, 'online');
  await change(NOON + 10_000, 'offline', 'heartbeat-missed');
  await change(NOON + 20_000, 'online');
  await change(NOON + 60_000, 'suspect');
  const { events } = await createTimelineEvents(storage.db)(1, NOON, NOON + 120_000, 60_000);
  expect(events).toEqual([
    { kind: 'status', at: NOON + 10_000, status: 'offline', reason: 'heartbeat-missed', count: 3 },
    { kind: 'status', at: NOON + 60_000, status: 'suspect', reason: 'none', count: 1 },
  ]);
});

test('words of a newer version do not cost the timeline', async () => {
  await change(NOON, 'dreaming', 'asleep');
  await told(NOON + 1, 'x', 'fatal');
  const { events } = await createTimelineEvents(storage.db)(1, NOON, NOON + 1000, 0);
  expect(events).toMatchObject([{ status: 'never-seen', reason: 'none' }, { severity: 'info' }]);
});
