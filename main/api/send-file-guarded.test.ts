import { expect, test } from 'vitest';
import { byteRange } from './send-file-guarded.ts';

test.each([
  [undefined, null],
  ['bytes=0-', { start: 0, end: 100 }],
  ['bytes=10-19', { start: 10, end: 20 }],
  ['bytes=90-500', { start: 90, end: 100 }],
  ['bytes=-30', { start: 70, end: 100 }],
  ['bytes=-500', { start: 0, end: 100 }],
  ['bytes=0-1,5-6', null],
  ['bytes=-', null],
  ['lines=1-2', null],
])('%s of a hundred bytes', (header, expected) => {
  expect(byteRange(header, 100)).toEqual(expected);
});

test.each(['bytes=100-', 'bytes=5-4', 'bytes=-0'])('%s cannot be had', (header) => {
  expect(() => byteRange(header, 100)).toThrow(expect.objectContaining({ status: 416 }));
});
