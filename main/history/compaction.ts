import {
  type CellTable,
  coarser,
  FIVE_MINUTES_MS,
  HOUR_MS,
  mergeTable,
  packCells,
  unpackCells,
} from './aggregates.ts';
import { DAY_MS } from './blocks.ts';
import { pack, unpack } from './compress.ts';
import type { HistoryDb } from './history-db.ts';
import { joinSections, splitSections } from './sections.ts';

/** A day is merged this long after its end: late reports have come by then. */
const AFTER_MS = 2 * HOUR_MS;

/** `day` and `hour` rows keep each device's cells compressed by themselves, so that one is read without the rest. */
export const readDaySection = (bytes: Uint8Array): CellTable => unpackCells(unpack(bytes));
export const readPartSections = (blob: Uint8Array): { num: number; bytes: Uint8Array }[] =>
  splitSections(unpack(blob));

/**
 * Merges one block's five-minute cells of a day that is over into one row, and its hourly cells into another.
 * Cells that come later are merged in the same way by a later turn.
 * @returns whether there was anything to merge
 */
export async function compactOne(db: HistoryDb, now: number): Promise<boolean> {
  const before = Math.floor((now - AFTER_MS) / DAY_MS);
  const found = await db
    .selectFrom('aggregates')
    .select(['block', 'day'])
    .where('tier', '=', 'part')
    .where('day', '<', before)
    .orderBy('day')
    .limit(1)
    .executeTakeFirst();
  if (!found) return false;
  const { block, day } = found;
  await db.transaction().execute(async (trx) => {
    const rows = await trx
      .selectFrom('aggregates')
      .select(['id', 'tier', 'data'])
      .where('block', '=', block)
      .where('day', '=', day)
      .execute();
    const devices = new Map<number, CellTable>();
    const tableOf = (num: number): CellTable => {
      const table = devices.get(num) ?? new Map();
      devices.set(num, table);
      return table;
    };
    for (const { tier, data } of rows) {
      if (tier === 'part')
        for (const { num, bytes } of readPartSections(data)) mergeTable(tableOf(num), unpackCells(bytes));
      if (tier === 'day')
        for (const { num, bytes } of splitSections(data)) mergeTable(tableOf(num), readDaySection(bytes));
    }
    const ordered = [...devices].sort(([a], [b]) => a - b);
    const rowOf = (tier: 'day' | 'hour', factor: number) => ({
      ...{ block, tier, day },
      data: joinSections(
        ordered.map(([num, table]) => ({ num, bytes: pack(packCells(coarser(table, factor))) })),
      ),
    });
    for (const { id } of rows) await trx.deleteFrom('aggregates').where('id', '=', id).execute();
    await trx
      .insertInto('aggregates')
      .values([rowOf('day', 1), rowOf('hour', HOUR_MS / FIVE_MINUTES_MS)])
      .execute();
  });
  return true;
}

export interface HistoryLimits {
  /** Days of full-resolution samples. */
  sampleDays: number;
  /** Days of five-minute cells; hourly cells are kept five times as long. */
  aggregateDays: number;
}

const HOURS_KEPT_LONGER = 5;
const ROWS_A_DELETE = 200;

/** Deletes some of what is over its time. @returns whether more may be left */
export async function trimHistory(db: HistoryDb, now: number, limits: HistoryLimits): Promise<boolean> {
  const today = Math.floor(now / DAY_MS);
  const oldSamples = await db
    .deleteFrom('samples')
    .where('id', 'in', (eb) =>
      eb
        .selectFrom('samples')
        .select('id')
        .where('start_ms', '<', now - limits.sampleDays * DAY_MS - HOUR_MS)
        .limit(ROWS_A_DELETE),
    )
    .executeTakeFirst();
  let more = oldSamples.numDeletedRows >= ROWS_A_DELETE;
  for (const [tier, days] of [
    ['part', limits.aggregateDays],
    ['day', limits.aggregateDays],
    ['hour', limits.aggregateDays * HOURS_KEPT_LONGER],
  ] as const) {
    const old = await db
      .deleteFrom('aggregates')
      .where('id', 'in', (eb) =>
        eb
          .selectFrom('aggregates')
          .select('id')
          .where('tier', '=', tier)
          .where('day', '<', today - days)
          .limit(ROWS_A_DELETE),
      )
      .executeTakeFirst();
    more ||= old.numDeletedRows >= ROWS_A_DELETE;
  }
  return more;
}
