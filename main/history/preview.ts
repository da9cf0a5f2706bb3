import { MetricTable } from '../contract/history.ts';
import { type Cell, type CellTable, FIVE_MINUTES_MS, mergeTable } from './aggregates.ts';
import { blockOf, DAY_MS } from './blocks.ts';
import type { HistoryDb } from './history-db.ts';
import { raisedBy } from './past-reports.ts';
import type { Rule } from './standing.ts';
import { tablesOf } from './tiers.ts';

export interface PreviewRequest extends Rule {
  nums: readonly number[];
  metric: string;
  from: number;
  to: number;
}

export interface PreviewAnswer {
  /** Devices that it would have raised, how often in all, and for how long together, ms. */
  devices: number;
  raised: number;
  ms: number;
  /** The earliest value that was looked at, UTC ms; null when there was none. */
  since: number | null;
}

/**
 * What a threshold would have raised, reckoned from five-minute summaries: in which order reports came within one is
 * not known any more, which is why it is called an estimate. Yields after each block of devices.
 */
export async function preview(
  db: HistoryDb,
  request: PreviewRequest,
  breathe: () => Promise<void>,
): Promise<PreviewAnswer> {
  const number = MetricTable.findIndex(({ id }) => id === request.metric);
  const scale = MetricTable[number]?.scale ?? 1;
  const wanted = new Set(request.nums);
  const answer: PreviewAnswer = { devices: 0, raised: 0, ms: 0, since: null };
  for (const block of new Set(request.nums.map(blockOf))) {
    const tables = await cellsOf(db, block, request, { nums: wanted, metrics: new Set([number]) });
    for (const table of tables.values()) {
      const buckets = [...(table.get(number) ?? [])]
        .filter(
          ([bucket]) => bucket * FIVE_MINUTES_MS >= request.from && bucket * FIVE_MINUTES_MS < request.to,
        )
        .sort(([a], [b]) => a - b);
      const first = buckets[0];
      if (first)
        answer.since = Math.min(answer.since ?? Number.POSITIVE_INFINITY, first[0] * FIVE_MINUTES_MS);
      const { times, ms } = raisedBy(
        request,
        buckets.map(([, cell]) => inUnits(cell, scale)),
      );
      if (times > 0) answer.devices += 1;
      answer.raised += times;
      answer.ms += ms;
    }
    await breathe();
  }
  return answer;
}

const inUnits = ({ count, min, max, sum }: Cell, scale: number): Cell => ({
  ...{ count, min: min / scale, max: max / scale, sum: sum / scale },
});

async function cellsOf(
  db: HistoryDb,
  block: number,
  { from, to }: PreviewRequest,
  wanted: Record<'nums' | 'metrics', ReadonlySet<number>>,
): Promise<Map<number, CellTable>> {
  const rows = await db
    .selectFrom('aggregates')
    .select(['tier', 'data'])
    .where('block', '=', block)
    .where('tier', 'in', ['part', 'span', 'day'])
    .where('day', '>=', Math.floor(from / DAY_MS))
    .where('day', '<=', Math.floor(to / DAY_MS))
    .execute();
  const tables = new Map<number, CellTable>();
  for (const { tier, data } of rows) {
    for (const { num, table } of tablesOf(tier, data, wanted.metrics)) {
      if (!wanted.nums.has(num)) continue;
      const here = tables.get(num) ?? new Map();
      tables.set(num, here);
      mergeTable(here, table());
    }
  }
  return tables;
}
