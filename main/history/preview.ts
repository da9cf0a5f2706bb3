import { MetricTable } from '../contract/history.ts';
import { type Cell, type CellTable, FIVE_MINUTES_MS, mergeTable } from './aggregates.ts';
import { blockOf, DAY_MS } from './blocks.ts';
import type { HistoryDb } from './history-db.ts';
import { tablesOf } from './tiers.ts';

export interface PreviewRequest {
  nums: readonly number[];
  metric: string;
  side: 'above' | 'below';
  raise: number;
  clear: number;
  /** Reports in a row, taken for a report each half minute. */
  reports: number;
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

const USUAL_REPORT_MS = 30_000;

/**
 * What a threshold would have raised, reckoned from five-minute averages: shorter peaks are not seen, which is why
 * it is called an estimate. Yields after each block of devices.
 */
export async function preview(
  db: HistoryDb,
  request: PreviewRequest,
  breathe: () => Promise<void>,
): Promise<PreviewAnswer> {
  const number = MetricTable.findIndex(({ id }) => id === request.metric);
  const scale = MetricTable[number]?.scale ?? 1;
  const needed = Math.max(1, Math.ceil((request.reports * USUAL_REPORT_MS) / FIVE_MINUTES_MS));
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
      const { raised, cells } = runThrough(buckets, request, scale, needed);
      if (raised > 0) answer.devices += 1;
      answer.raised += raised;
      answer.ms += cells * FIVE_MINUTES_MS;
    }
    await breathe();
  }
  return answer;
}

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

function runThrough(
  buckets: readonly [number, Cell][],
  { side, raise, clear }: PreviewRequest,
  scale: number,
  needed: number,
): { raised: number; cells: number } {
  let beyond = 0;
  let raised = false;
  let times = 0;
  let cells = 0;
  for (const [, { sum, count }] of buckets) {
    const value = sum / count / scale;
    if (raised) {
      if (side === 'above' ? value <= clear : value >= clear) raised = false;
    } else {
      beyond = (side === 'above' ? value > raise : value < raise) ? beyond + 1 : 0;
      if (beyond >= needed) {
        raised = true;
        beyond = 0;
        times += 1;
      }
    }
    if (raised) cells += 1;
  }
  return { raised: times, cells };
}
