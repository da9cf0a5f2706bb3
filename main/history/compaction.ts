import { type CellTable, coarser, FIVE_MINUTES_MS, HOUR_MS, mergeTable, packCells } from './aggregates.ts';
import { DAY_MS } from './blocks.ts';
import { packCellColumns } from './cells.ts';
import { asColumns, pack } from './compress.ts';
import type { HistoryDb, Tier } from './history-db.ts';
import { joinSections } from './sections.ts';
import { tablesOf } from './tiers.ts';

/** A day is merged this long after its end: late reports have come by then. */
const AFTER_MS = 2 * HOUR_MS;
/** So many parts of a day become a span: those of an hour, as packing goes. */
const PARTS_A_SPAN = 6;
/** Blocks that are looked at in one turn for parts to merge. */
const BLOCKS_A_TURN = 4;

interface MergedRow {
  block: number;
  tier: Tier;
  day: number;
  data: Uint8Array;
}
type Devices = [num: number, table: CellTable][];

/**
 * Replaces rows of one block and day by what `merged` makes of all their cells. They are read and merged outside of
 * the transaction, which waits for nothing: a row that comes meanwhile stays as it is.
 */
async function replace(
  db: HistoryDb,
  { block, day, tiers }: { block: number; day: number; tiers: readonly Tier[] },
  merged: (devices: Devices) => Promise<Omit<MergedRow, 'block' | 'day'>[]>,
  breathe: () => Promise<void>,
): Promise<void> {
  const rows = await db
    .selectFrom('aggregates')
    .select(['id', 'tier', 'data'])
    .where('block', '=', block)
    .where('tier', 'in', tiers)
    .where('day', '=', day)
    .execute();
  const devices = new Map<number, CellTable>();
  for (const { tier, data } of rows) {
    for (const { num, table } of tablesOf(tier, data)) {
      const here = devices.get(num) ?? new Map();
      devices.set(num, here);
      mergeTable(here, table());
    }
    await breathe();
  }
  const made = await merged([...devices].sort(([a], [b]) => a - b));
  await db.transaction().execute(async (trx) => {
    const ids = rows.map(({ id }) => id);
    await trx.deleteFrom('aggregates').where('id', 'in', ids).execute();
    // The hourly cells of a day are made anew of its finer ones.
    if (tiers.includes('day'))
      await trx
        .deleteFrom('aggregates')
        .where('block', '=', block)
        .where('tier', '=', 'hour')
        .where('day', '=', day)
        .execute();
    for (const row of made)
      await trx
        .insertInto('aggregates')
        .values({ block, day, ...row })
        .execute();
  });
}

/**
 * Merges one block's five-minute cells of a day that is over into one row, and its hourly cells into another.
 * Cells that come later are merged in the same way by a later turn. Yields between devices.
 * @returns whether there was anything to merge
 */
export async function compactOne(db: HistoryDb, now: number, breathe: () => Promise<void>): Promise<boolean> {
  const before = Math.floor((now - AFTER_MS) / DAY_MS);
  for (const tier of ['part', 'span'] as const) {
    const found = await db
      .selectFrom('aggregates')
      .select(['block', 'day'])
      .where('tier', '=', tier)
      .where('day', '<', before)
      .orderBy('day')
      .limit(1)
      .executeTakeFirst();
    if (!found) continue;
    await replace(
      db,
      { ...found, tiers: ['part', 'span', 'day'] },
      async (devices) => {
        const rowOf = async (of: 'day' | 'hour', factor: number) => {
          const sections: { num: number; bytes: Uint8Array }[] = [];
          for (const [num, table] of devices) {
            sections.push({ num, bytes: asColumns(packCellColumns(coarser(table, factor))) });
            await breathe();
          }
          return { tier: of, data: joinSections(sections) };
        };
        return [await rowOf('day', 1), await rowOf('hour', HOUR_MS / FIVE_MINUTES_MS)];
      },
      breathe,
    );
    return true;
  }
  return false;
}

/**
 * Looks at the next few blocks after `after` and merges the parts of the first that has an hour of them: a chart of
 * a day that is not over would otherwise be made of a hundred and more.
 * @returns the block to go on after; -1 at the end of a round
 */
export async function mergeParts(
  db: HistoryDb,
  after: number,
  breathe: () => Promise<void>,
): Promise<number> {
  let last = after;
  for (let looked = 0; looked < BLOCKS_A_TURN; looked++) {
    const { block } = await db
      .selectFrom('aggregates')
      .select((eb) => eb.fn.min('block').as('block'))
      .where('block', '>', last)
      .executeTakeFirstOrThrow();
    if (block === null) return -1;
    last = Number(block);
    const days = await db
      .selectFrom('aggregates')
      .select((eb) => ['day', eb.fn.countAll<number>().as('parts')])
      .where('block', '=', last)
      .where('tier', '=', 'part')
      .groupBy('day')
      .execute();
    const ripe = days.find(({ parts }) => parts >= PARTS_A_SPAN);
    if (!ripe) continue;
    await replace(
      db,
      { block: last, day: ripe.day, tiers: ['part'] },
      async (devices) => {
        const sections = devices.map(([num, table]) => ({ num, bytes: packCells(table) }));
        return [{ tier: 'span', data: pack(joinSections(sections)) }];
      },
      breathe,
    );
    return last;
  }
  return last;
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
    ['span', limits.aggregateDays],
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
