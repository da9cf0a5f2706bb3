import { addCell, type Cell, type CellTable, eachCell, unpackCells } from './aggregates.ts';
import { eachCellOfColumns } from './cells.ts';
import { columnsIn, unpack } from './compress.ts';
import type { Tier } from './history-db.ts';
import { sectionOf, splitSections } from './sections.ts';

/** Rows of a whole day keep each device's cells by themselves, so that one is read without the rest. */
const apart = (tier: Tier): boolean => tier === 'day' || tier === 'hour';

/**
 * Tells one device's cells of the metrics wanted in a row of its block, one by one; a cell is good until the next.
 * @throws CorruptHistory
 */
export function eachCellOf(
  { tier, data, num }: { tier: Tier; data: Uint8Array; num: number },
  wanted: ReadonlySet<number>,
  tell: (metric: number, bucket: number, cell: Cell) => void,
): void {
  const section = sectionOf(apart(tier) ? data : unpack(data), num);
  if (!section) return;
  const columns = apart(tier) ? columnsIn(section) : undefined;
  if (columns) eachCellOfColumns(columns, wanted, tell);
  else eachCell(apart(tier) ? unpack(section) : section, wanted, tell);
}

/**
 * Every device's cells in a row, made when they are asked for.
 * @param wanted numbers of the metrics to answer; all without it
 * @throws CorruptHistory
 */
export function tablesOf(
  tier: Tier,
  data: Uint8Array,
  wanted?: ReadonlySet<number>,
): { num: number; table(): CellTable }[] {
  const sections = splitSections(apart(tier) ? data : unpack(data));
  return sections.map(({ num, bytes }) => ({ num, table: () => tableOf(tier, bytes, wanted) }));
}

function tableOf(tier: Tier, bytes: Uint8Array, wanted?: ReadonlySet<number>): CellTable {
  const table: CellTable = new Map();
  const add = (metric: number, bucket: number, cell: Cell) => addCell(table, metric, bucket, cell);
  const columns = apart(tier) ? columnsIn(bytes) : undefined;
  const cells = apart(tier) && !columns ? unpack(bytes) : bytes;
  if (columns) eachCellOfColumns(columns, wanted, add);
  else if (wanted) eachCell(cells, wanted, add);
  else return unpackCells(cells);
  return table;
}
