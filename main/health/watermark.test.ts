import fc from 'fast-check';
import { expect, test } from 'vitest';
import { judgeBirth, judgeReport, judgeWill } from './watermark.ts';

const mark = (session: number, seq = Number.NaN, retired = Number.NaN) => ({ session, seq, retired });

test('reports only ever go forward within a session', () => {
  expect(judgeReport(mark(3, 10), 3, 11)).toBe('next');
  expect(judgeReport(mark(3, 10), 3, 10)).toBe('stale');
  expect(judgeReport(mark(3, 10), 3, 2)).toBe('stale');
  expect(judgeReport(mark(3, 10), 2, 99)).toBe('stale');
  expect(judgeReport(mark(3, 10), 4, 0)).toBe('new-session');
  expect(judgeReport(mark(Number.NaN), 4, 0)).toBe('new-session');
  expect(judgeReport(mark(3), 3, 0)).toBe('next');
});

test('a live birth with a lower session is a reset; a retained one is only old', () => {
  expect(judgeBirth(mark(17), 1, false)).toBe('reset');
  expect(judgeBirth(mark(17), 1, true)).toBe('stale');
  expect(judgeBirth(mark(17), 17, false)).toBe('same');
  expect(judgeBirth(mark(17), 18, true)).toBe('new-session');
});

test('a Will of an older session, or of the one a reset ended, is ignored', () => {
  expect(judgeWill(mark(17), 16)).toBe('stale');
  expect(judgeWill(mark(17), 17)).toBe('same');
  expect(judgeWill(mark(1, 5, 17), 17)).toBe('stale');
  expect(judgeReport(mark(1, 5, 17), 17, 900)).toBe('stale');
  expect(judgeBirth(mark(1, 5, 17), 17, false)).toBe('stale');
});

test('whatever the order of arrival, the last state taken is the newest one', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ session: fc.integer({ min: 1, max: 5 }), seq: fc.integer({ min: 0, max: 20 }) }), {
        minLength: 1,
      }),
      (reports) => {
        let at = mark(Number.NaN);
        for (const { session, seq } of reports)
          if (judgeReport(at, session, seq) !== 'stale') at = mark(session, seq);
        const newest = reports.reduce((a, b) =>
          b.session > a.session || (b.session === a.session && b.seq > a.seq) ? b : a,
        );
        expect({ session: at.session, seq: at.seq }).toEqual(newest);
      },
    ),
  );
});
