import { type CellTable, unpackCells } from './aggregates.ts';
import { unpack } from './compress.ts';
import type { Tier } from './history-db.ts';
import { sectionOf, splitSections } from './sections.ts';

/** Rows of a whole day keep each device's cells compressed by themselves, so that one is read without the rest. */
const apart = (tier: Tier): boolean => tier === 'day' || tier === 'hour';

/** One device's packed cells in a row of its block. @throws CorruptHistory */
export function cellsOf(tier: Tier, data: Uint8Array, num: number): Uint8Array | undefined {
  const section = sectionOf(apart(tier) ? data : unpack(data), num);
  return section && apart(tier) ? unpack(section) : section;
}

/** Every device's cells in a row, made when they are asked for. @throws CorruptHistory */
export function tablesOf(tier: Tier, data: Uint8Array): { num: number; table(): CellTable }[] {
  const sections = splitSections(apart(tier) ? data : unpack(data));
  return sections.map(({ num, bytes }) => ({
    num,
    table: () => unpackCells(apart(tier) ? unpack(bytes) : bytes),
  }));
}
