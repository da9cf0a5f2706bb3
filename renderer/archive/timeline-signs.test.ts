import { expect, test } from 'vitest';
import { gravityOf, type Signs, signsAt } from './timeline-signs.ts';

const signs: Signs = {
  events: [
    { kind: 'status', at: 1000, status: 'offline', reason: 'will', count: 1 },
    { kind: 'status', at: 1100, status: 'online', reason: 'reported', count: 1 },
    { kind: 'device', at: 5000, type: 'tamper', severity: 'warning', count: 1 },
  ],
  holds: [{ id: 'h', from: 2000, to: 4000, keptUntil: 9000, state: 'held', mine: true }],
  bookmarks: [
    { id: 'moment', at: 3000, to: null, title: 'm', shared: false, mine: true },
    { id: 'stretch', at: 4000, to: 6000, title: 's', shared: true, mine: false },
  ],
};
const under = (utc: number, nearMs: number) => {
  const { events, holds, bookmarks } = signsAt(signs, utc, nearMs);
  return [events.map(({ at }) => at), holds.length, bookmarks.map(({ id }) => id)];
};

test('under the pointer is what is near, and every stretch over it', () => {
  expect(under(1050, 100)).toEqual([[1000], 0, []]);
  expect(under(3050, 100)).toEqual([[], 1, ['moment']]);
  expect(under(5050, 100)).toEqual([[5000], 0, ['stretch']]);
  expect(under(4000, 0)).toEqual([[], 0, ['stretch']]);
  expect(under(6000, 0)).toEqual([[], 0, []]);
});

test('what is well is quiet', () => {
  expect(signs.events.map(gravityOf)).toEqual(['grave', null, 'warning']);
});
