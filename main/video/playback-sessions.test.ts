import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type ManualClock, manualClock } from '../base/clock.ts';
import { createLogger } from '../base/logging.ts';
import { createPlaybackSessions, type PlaybackSessions } from './playback-sessions.ts';

interface Person {
  sessionId: string;
  personId: string;
}
const amy: Person = { sessionId: 's1', personId: 'amy' };
let clock: ManualClock;
let told: string[];
let held: number;
let refuseRecord: boolean;
let sessions: PlaybackSessions<Person>;

beforeEach(() => {
  vi.useFakeTimers();
  clock = manualClock();
  told = [];
  held = 0;
  refuseRecord = false;
  sessions = createPlaybackSessions<Person>({
    clock,
    log: createLogger('silent'),
    hold() {
      held += 1;
      return {
        release() {
          held -= 1;
        },
      };
    },
    async onLiveStart(person, cameraId) {
      if (refuseRecord) throw new Error('the record is full');
      told.push(`start ${person.personId} ${cameraId}`);
    },
    async onLiveEnd(person, cameraId, seconds, reason) {
      told.push(`end ${person.personId} ${cameraId} ${seconds} ${reason}`);
    },
    async onArchiveView(person, cameraId, from, to) {
      told.push(`archive ${person.personId} ${cameraId} ${from}-${to}`);
    },
  });
});
afterEach(async () => {
  await sessions.stop();
  vi.useRealTimers();
});
const pass = async (ms: number) => {
  for (let t = 0; t < ms; t += 1_000) {
    clock.advance(1_000);
    await vi.advanceTimersByTimeAsync(1_000);
  }
};

test('many requests are one view; it ends when nothing was asked for a while', async () => {
  for (let i = 0; i < 5; i++) (await sessions.live(amy, 'cam-1'))();
  expect(told).toEqual(['start amy cam-1']);
  expect(sessions.watching()).toEqual([{ personId: 'amy', cameraId: 'cam-1' }]);
  await pass(10_000);
  (await sessions.live(amy, 'cam-1'))();
  await pass(14_000);
  expect(held).toBe(1);
  await pass(3_000);
  expect(told.at(-1)).toMatch(/^end amy cam-1 2\d idle$/);
  expect([held, sessions.watching()]).toEqual([0, []]);
});

test('a request that hangs keeps the view', async () => {
  const close = await sessions.live(amy, 'cam-1');
  await pass(60_000);
  expect(sessions.watching()).toHaveLength(1);
  close();
  close();
  await pass(17_000);
  expect(sessions.watching()).toEqual([]);
});

test('what cannot be put on record is not shown, and leaves nothing running', async () => {
  refuseRecord = true;
  await expect(sessions.live(amy, 'cam-1')).rejects.toThrow('the record is full');
  expect([held, sessions.watching()]).toEqual([0, []]);
  refuseRecord = false;
  (await sessions.live(amy, 'cam-1'))();
  expect(told).toEqual(['start amy cam-1']);
});

test('a right that ended ends its views alone', async () => {
  (await sessions.live(amy, 'cam-1'))();
  (await sessions.live({ sessionId: 's2', personId: 'bob' }, 'cam-1'))();
  sessions.endWhere((person) => person.personId === 'amy');
  await vi.advanceTimersByTimeAsync(0);
  expect(told.at(-1)).toBe('end amy cam-1 0 right-ended');
  expect(sessions.watching()).toEqual([{ personId: 'bob', cameraId: 'cam-1' }]);
});

test('archive bytes outside the ranges on record are put on record too', async () => {
  await sessions.archiveRange(amy, 'cam-1', 100_000, 200_000);
  await sessions.archiveBytes(amy, 'cam-1', 98_000, 5_000);
  await sessions.archiveBytes(amy, 'cam-1', 150_000, 5_000);
  expect(told).toHaveLength(1);
  await sessions.archiveBytes(amy, 'cam-1', 500_000, 5_000);
  await sessions.archiveBytes(amy, 'cam-2', 150_000, 5_000);
  expect(told.slice(1)).toEqual(['archive amy cam-1 500000-505000', 'archive amy cam-2 150000-155000']);
  expect(sessions.reads(amy, 'cam-1', 150_000, 0)).toBe(true);
  expect(sessions.reads(amy, 'cam-1', 300_000, 0)).toBe(false);
});

test('stopping the hub ends every view on record', async () => {
  (await sessions.live(amy, 'cam-1'))();
  await sessions.stop();
  expect(told.at(-1)).toBe('end amy cam-1 0 hub-stopped');
  expect(held).toBe(0);
});
