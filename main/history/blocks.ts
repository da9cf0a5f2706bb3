import { addSamples, type CellTable, FIVE_MINUTES_MS, HOUR_MS, packCells } from './aggregates.ts';
import { pack } from './compress.ts';
import { packColumns } from './sample-columns.ts';
import { readSamples, type Sample } from './samples.ts';
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

const byNumber = <T>(map: Map<number, T>): [number, T][] => [...map].sort(([a], [b]) => a - b);

function group<T>(items: readonly T[], keyOf: (item: T) => number): Map<number, T[]> {
  const groups = new Map<number, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const here = groups.get(key);
    if (here) here.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}

/**
 * What a partition's waiting samples become: a row of full-resolution samples for each block and hour, and a row of
 * five-minute cells for each block and day. Yields after each block, so that whoever waits gets a turn.
 * @throws CorruptHistory
 */
export async function packPartition(
  waiting: readonly Uint8Array[],
  breathe: () => Promise<void>,
): Promise<PackedPartition> {
  const all: Sample[] = [];
  // A report that was delivered twice counts once: nobody reports twice at the same moment.
  const seen = new Set<string>();
  for (const piece of waiting)
    readSamples(piece, (sample) => {
      const key = `${sample.num} ${sample.at}`;
      if (!seen.has(key)) all.push(sample);
      seen.add(key);
    });
  const packed: PackedPartition = { samples: [], aggregates: [] };
  for (const [block, samples] of byNumber(group(all, (sample) => blockOf(sample.num)))) {
    for (const [hour, ofHour] of byNumber(group(samples, (sample) => Math.floor(sample.at / HOUR_MS)))) {
      const sections = byNumber(group(ofHour, (sample) => sample.num)).map(([num, ofDevice]) => ({
        num,
        bytes: packColumns(ofDevice),
      }));
      packed.samples.push({ block, start_ms: hour * HOUR_MS, data: pack(joinSections(sections)) });
    }
    for (const [day, ofDay] of byNumber(group(samples, (sample) => Math.floor(sample.at / DAY_MS)))) {
      const sections = byNumber(group(ofDay, (sample) => sample.num)).map(([num, ofDevice]) => {
        const cells: CellTable = new Map();
        addSamples(cells, ofDevice, FIVE_MINUTES_MS);
        return { num, bytes: packCells(cells) };
      });
      packed.aggregates.push({ block, tier: 'part', day, data: pack(joinSections(sections)) });
    }
    await breathe();
  }
  return packed;
}
