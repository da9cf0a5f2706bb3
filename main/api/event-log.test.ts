import { expect, test } from 'vitest';
import { createEventLog } from './event-log.ts';

test('each device comes once, with its newest status', () => {
  const log = createEventLog(8);
  const start = log.head;
  log.status(1, 1, 100);
  log.status(2, 4, 110);
  log.status(1, 3, 120);
  expect(log.since(start)).toEqual({
    changes: [
      [1, 3, 120],
      [2, 4, 110],
    ],
    devices: false,
  });
  log.devices();
  expect(log.since(log.head - 1)).toEqual({ changes: [], devices: true });
  expect(log.since(log.head)).toEqual({ changes: [], devices: false });
});

test('what is no longer kept, or never was, is not made up', () => {
  const log = createEventLog(4);
  for (let num = 1; num <= 6; num++) log.status(num, 1, num);
  expect(log.since(1)).toBeUndefined();
  expect(log.since(2)?.changes.map(([num]) => num)).toEqual([3, 4, 5, 6]);
  for (const position of [7, -1, Number.NaN]) expect(log.since(position)).toBeUndefined();
});

test('who is far behind begins anew', () => {
  const log = createEventLog(65_536);
  for (let entry = 0; entry < 20_001; entry++) log.status(1, 1, entry);
  expect(log.since(0)).toBeUndefined();
  expect(log.since(1)).toEqual({ changes: [[1, 1, 20_000]], devices: false });
});

test('few catch-ups are kept, however many are asked for', () => {
  const log = createEventLog(1_000);
  for (let num = 0; num < 100; num++) log.status(num, 1, num);
  const first = log.since(0);
  for (let position = 1; position < 64; position++) log.since(position);
  expect(log.since(0)).toBe(first);
  log.since(64);
  expect(log.since(0)).not.toBe(first);
  expect(log.since(0)).toEqual(first);
});
