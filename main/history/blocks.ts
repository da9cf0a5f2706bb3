import { addColumns, type CellTable, FIVE_MINUTES_MS, HOUR_MS, packCells } from './aggregates.ts';
import { packBlockHour } from './block-hour.ts';
import { asColumns, pack } from './compress.ts';
import { createSampleTable, type Reports, type SampleTable } from './sample-table.ts';
import { joinSections } from './sections.ts';

/** Devices whose history lies together in one row: neighbours by number. */
const BLOCK_BITS = 6;
/** Blocks that are packed at the same time. Each turn of the packer takes one partition. */
export const PARTITIONS = 256;
export const DAY_MS = 86_400_000;

export const blockOf = (num: number): number => num >> BLOCK_BITS;
export const partitionOf = (num: number): number => blockOf(num) % PARTITIONS;

export interface PackedPartition {
  samples: { block: number; start_ms: number; data: Uint8Array }[];
  aggregates: { block: number; tier: 'part'; day: number; data: Uint8Array }[];
}

/** The hours, days or whatever lasts `ms` into which reports of these devices fall. */
const spansOf = (table: SampleTable, devices: readonly Reports[], ms: number): number[] =>
  [...new Set(devices.flatMap((reports) => [...table.spans(reports, ms)]))].sort((a, b) => a - b);

/** What each device reported in [from, to); who reported nothing is left out. */
const within = (table: SampleTable, devices: readonly Reports[], from: number, to: number) =>
  devices
    .map((reports) => ({ num: reports.num, columns: table.columns(reports, from, to) }))
    .filter(({ columns }) => columns.times.length > 0);

/**
 * What a partition's waiting samples become: a row of full-resolution samples for each block and hour, and a row of
 * five-minute cells for each block and day. Yields after each block, so that whoever waits gets a turn.
 * @throws CorruptHistory
 */
export async function packPartition(
  waiting: readonly Uint8Array[],
  breathe: () => Promise<void>,
): Promise<PackedPartition> {
  const table = createSampleTable(waiting);
  const blocks = new Map<number, Reports[]>();
  for (const reports of table.devices()) {
    const here = blocks.get(blockOf(reports.num)) ?? [];
    if (here.push(reports) === 1) blocks.set(blockOf(reports.num), here);
  }
  const packed: PackedPartition = { samples: [], aggregates: [] };
  for (const [block, devices] of blocks) {
    for (const start of spansOf(table, devices, HOUR_MS)) {
      const found = within(table, devices, start, start + HOUR_MS);
      packed.samples.push({ block, start_ms: start, data: asColumns(packBlockHour(found)) });
    }
    for (const start of spansOf(table, devices, DAY_MS)) {
      const sections = within(table, devices, start, start + DAY_MS).map(({ num, columns }) => {
        const cells: CellTable = new Map();
        addColumns(cells, columns, FIVE_MINUTES_MS);
        return { num, bytes: packCells(cells) };
      });
      packed.aggregates.push({
        block,
        tier: 'part',
        day: start / DAY_MS,
        data: pack(joinSections(sections)),
      });
    }
    await breathe();
  }
  return packed;
}
