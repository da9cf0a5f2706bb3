import { expect, test } from 'vitest';
import { BAD_STATE, GONE_BY_WILL, PICTURE_AT, SPOKE, STREAM_LOST, STREAM_OK, TROUBLED } from './evidence.ts';
import { type Evidence, judge, mayBeDue } from './liveness.ts';

const now = 1_000_000;
const hearing = { now, resumedAt: 0 };
const spoke = (more: Partial<Evidence> = {}): Evidence => ({
  flags: SPOKE,
  heardAt: now - 1_000,
  willAt: Number.NaN,
  heartbeatMs: 30_000,
  ...more,
});
const status = (evidence: Evidence, at = hearing) => judge(evidence, at).status;

test('a device that never spoke is never-seen, however long ago', () => {
  expect(judge(spoke({ flags: 0, heardAt: Number.NEGATIVE_INFINITY }), hearing)).toEqual({
    status: 'never-seen',
    reason: 'none',
    gone: 0,
  });
});

test('silence is suspect when two reports are missing and offline after two and a half heartbeats', () => {
  expect(status(spoke({ heardAt: now - 60_000 }))).toBe('online');
  expect(status(spoke({ heardAt: now - 67_500 }))).toBe('suspect');
  expect(status(spoke({ heardAt: now - 74_999 }))).toBe('suspect');
  expect(judge(spoke({ heardAt: now - 75_000 }), hearing)).toMatchObject({
    status: 'offline',
    reason: 'heartbeat-missed',
  });
});

test('a Will is suspect for its grace and offline after it', () => {
  expect(judge(spoke({ willAt: now - 9_999 }), hearing)).toMatchObject({ status: 'suspect', reason: 'will' });
  expect(judge(spoke({ willAt: now - 10_000 }), hearing)).toEqual({
    status: 'offline',
    reason: 'will',
    gone: GONE_BY_WILL,
  });
});

test('after the hub was deaf neither Will nor silence counts before the devices had time to come back', () => {
  const back = { now, resumedAt: now - 20_000 };
  const quiet = spoke({ heardAt: now - 500_000, heartbeatMs: 5_000 });
  expect(status(quiet, back)).not.toBe('offline');
  expect(status({ ...quiet, willAt: now - 400_000 }, back)).toBe('suspect');
  const later = { now, resumedAt: now - 30_000 };
  expect(status(quiet, later)).toBe('offline');
  expect(status({ ...quiet, willAt: now - 400_000 }, later)).toBe('offline');
});

test('a Will of a device that was heard since the hub hears again needs no hold-off', () => {
  const back = { now, resumedAt: now - 15_000 };
  expect(status(spoke({ heardAt: now - 12_000, willAt: now - 10_000 }), back)).toBe('offline');
});

test('what is offline stays so until it speaks', () => {
  expect(status(spoke({ flags: SPOKE | GONE_BY_WILL, heardAt: now }))).toBe('offline');
});

test('malformed data wins over trouble, and silence over both', () => {
  expect(status(spoke({ flags: SPOKE | TROUBLED }))).toBe('degraded');
  expect(status(spoke({ flags: SPOKE | TROUBLED | BAD_STATE }))).toBe('bad-data');
  expect(status(spoke({ flags: SPOKE | BAD_STATE, heardAt: now - 80_000 }))).toBe('offline');
});

test('the stream that the hub sees wins over what the camera claims', () => {
  expect(judge(spoke({ flags: STREAM_OK }), hearing)).toMatchObject({
    status: 'online',
    reason: 'stream-ok',
  });
  expect(status(spoke({ flags: SPOKE | STREAM_OK, heardAt: now - 80_000 }))).toBe('online');
  expect(status(spoke({ flags: SPOKE | STREAM_OK | TROUBLED }))).toBe('degraded');
  expect(judge(spoke({ flags: STREAM_LOST }), hearing)).toMatchObject({
    status: 'offline',
    reason: 'stream-lost',
  });
  expect(judge(spoke({ flags: SPOKE | STREAM_LOST }), hearing)).toMatchObject({
    status: 'degraded',
    reason: 'stream-lost',
  });
});

test('the quick look of the scan never skips a device whose status time would change', () => {
  for (let silent = 0; silent <= 80_000; silent += 500)
    for (const willAt of [Number.NaN, now - 9_000, now - 11_000]) {
      const evidence = spoke({ heardAt: now - silent, willAt });
      if (status(evidence) !== 'online') expect(mayBeDue(evidence, hearing)).toBe(true);
    }
});

test('what the hub found in the picture counts while the stream runs, and above the rest', () => {
  const judged = (flags: number) => judge(spoke({ flags }), hearing);
  const frozen = 2 << PICTURE_AT;
  expect(judged(STREAM_OK | frozen)).toMatchObject({ status: 'degraded', reason: 'picture-frozen' });
  expect(judged(SPOKE | STREAM_OK | TROUBLED | frozen)).toMatchObject({ reason: 'picture-frozen' });
  expect(judged(STREAM_OK | (4 << PICTURE_AT))).toMatchObject({ reason: 'picture-moved' });
  expect(judged(STREAM_LOST | frozen)).toMatchObject({ status: 'offline', reason: 'stream-lost' });
});
