import { reportsInBlockHour, unpackBlockHour } from './block-hour.ts';
import { createByteReader } from './bytes.ts';
import type { Columns } from './columns.ts';
import { columnsIn, unpack } from './compress.ts';
import { unpackColumns } from './earlier-columns.ts';
import { sectionOf, splitSections } from './sections.ts';

/**
 * One device's reports in a stored row of an hour, of whichever version.
 * @param startMs of the row's hour, UTC
 * @param wanted numbers of the metrics to answer; all without it
 * @throws CorruptHistory
 */
export function samplesOf(
  data: Uint8Array,
  num: number,
  startMs: number,
  wanted?: ReadonlySet<number>,
): Columns | undefined {
  const columns = columnsIn(data);
  if (columns) return unpackBlockHour(columns, num, startMs, wanted);
  const section = sectionOf(unpack(data), num);
  return section && unpackColumns(section, startMs, wanted);
}

/** How many reports a stored row holds. @throws CorruptHistory */
export function reportsIn(data: Uint8Array): number {
  const columns = columnsIn(data);
  if (columns) return reportsInBlockHour(columns);
  return splitSections(unpack(data)).reduce((sum, { bytes }) => {
    const reader = createByteReader(bytes);
    // The count stands behind a mark, or in the mark's place.
    return sum + (reader.unsigned() || reader.unsigned());
  }, 0);
}
