import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Cell, FIVE_MINUTES_MS } from './aggregates.ts';
import { raisedBy } from './past-reports.ts';
import { type Rule, stand } from './standing.ts';

/** What the present does with every single report: five minutes a row. */
function atPresent(rule: Rule, rows: readonly (readonly number[])[]): { times: number; ms: number } {
  let standing = { beyond: 0, raised: false };
  const answer = { times: 0, ms: 0 };
  for (const row of rows)
    for (const value of row) {
      const was = standing.raised;
      standing = stand(rule, standing, value);
      if (standing.raised && !was) answer.times += 1;
      if (standing.raised) answer.ms += FIVE_MINUTES_MS / row.length;
    }
  return answer;
}

const summary = (row: readonly number[]): Cell => ({
  count: row.length,
  min: Math.min(...row),
  max: Math.max(...row),
  sum: row.reduce((total, value) => total + value, 0),
});
const foretold = (rule: Rule, rows: readonly (readonly number[])[]) => raisedBy(rule, rows.map(summary));

const rules: fc.Arbitrary<Rule> = fc
  .record({
    side: fc.constantFrom('above' as const, 'below' as const),
    raise: fc.integer({ min: 50, max: 60 }),
    apart: fc.integer({ min: 0, max: 20 }),
    reports: fc.integer({ min: 1, max: 40 }),
  })
  .map(({ side, raise, apart, reports }) => ({
    ...{ side, raise, reports, clear: side === 'above' ? raise - apart : raise + apart },
  }));
const within = (min: number, max: number) =>
  fc.array(fc.integer({ min, max }), { minLength: 1, maxLength: 12 });

const repeat = (value: number, times: number): number[] => Array.from({ length: times }, () => value);

function same(rule: Rule, rows: readonly (readonly number[])[]): void {
  const [past, present] = [foretold(rule, rows), atPresent(rule, rows)];
  expect(past.times).toBe(present.times);
  expect(past.ms).toBeCloseTo(present.ms, 3);
}

describe('what a rule would have raised', () => {
  it('is what it raises at present, wherever five minutes lie on one side of its levels', () => {
    fc.assert(
      fc.property(
        rules,
        fc.array(fc.constantFrom('sound', 'between', 'beyond'), { maxLength: 60 }),
        fc.gen(),
        (rule, kinds, g) => {
          const low = Math.min(rule.raise, rule.clear);
          const high = Math.max(rule.raise, rule.clear);
          const above = rule.side === 'above';
          const rows = kinds.flatMap((kind) => {
            if (kind === 'between') return high - low < 2 ? [] : [g(within, low + 1, high - 1)];
            return [(kind === 'beyond') === above ? g(within, high + 1, 100) : g(within, 0, low)];
          });
          // At the level itself a value is not beyond it, and is back.
          same(
            rule,
            rows.map((row) => (above ? row : row.map((value) => (value === low ? low - 1 : value)))),
          );
        },
      ),
      { numRuns: 300 },
    );
  });

  it('is the same for peaks of any length, wherever they begin and end, with calm between them', () => {
    const waves = fc.array(fc.tuple(fc.integer({ min: 20, max: 50 }), fc.integer({ min: 1, max: 45 })), {
      maxLength: 20,
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), waves, (reports, lengths) => {
        const values = lengths.flatMap(([calm, bad]) => [...repeat(40, calm), ...repeat(90, bad)]);
        const rows = Array.from({ length: Math.ceil(values.length / 10) }, (_, row) =>
          values.slice(row * 10, row * 10 + 10),
        );
        same({ side: 'above', raise: 80, clear: 60, reports }, rows);
      }),
      { numRuns: 300 },
    );
  });

  it('is nothing where nothing was beyond the level, and something where it was for long enough', () => {
    fc.assert(
      fc.property(rules, fc.array(within(0, 100), { maxLength: 60 }), (rule, rows) => {
        const { times, ms } = foretold(rule, rows);
        const over = (value: number) => (rule.side === 'above' ? value > rule.raise : value < rule.raise);
        if (!rows.flat().some(over)) expect({ times, ms }).toEqual({ times: 0, ms: 0 });
        let [inARow, longest] = [0, 0];
        for (const row of rows) {
          inARow = row.every(over) ? inARow + row.length : 0;
          longest = Math.max(longest, inARow);
        }
        if (longest >= rule.reports) expect(times).toBeGreaterThan(0);
        expect(ms).toBeLessThanOrEqual(rows.length * FIVE_MINUTES_MS + 1e-6);
      }),
      { numRuns: 300 },
    );
  });

  it('counts reports, not minutes: a device that reports each five minutes is raised after so many of them', () => {
    const rule: Rule = { side: 'above', raise: 80, clear: 70, reports: 3 };
    const seldom = [[90], [90], [90], [75], [60]];
    expect(foretold(rule, seldom)).toEqual({ times: 1, ms: 2 * FIVE_MINUTES_MS });
    // A peak shorter than it has to last, in an average that is high all the same.
    expect(foretold({ ...rule, reports: 9 }, [[60, 60, 90, 90, 90, 90, 90, 90, 90, 90]]).times).toBe(0);
  });
});
