import type { RepairFinding } from '../contract/recording.ts';
import type { TrackName } from '../contract/video.ts';
import type { FootageFs } from './disks/footage-fs.ts';
import type { FileIndex } from './file-index.ts';
import type { FileRow } from './file-row.ts';
import { type InitSegment, readInitSegment, UnsupportedTrack } from './init-segment.ts';
import { boxAt, boxesIn, MalformedMp4 } from './mp4-boxes.ts';
import { checkedParts, DamagedFootage, readCheck } from './part-check.ts';
import { type Scan, scanSegments } from './scan.ts';
import type { SegmentEntry } from './segment-entries.ts';

const LARGEST_HEADER_BYTES = 64 * 1024;

export interface FileToRepair {
  fs: FootageFs;
  absolute: string;
  index: FileIndex;
}

/** Indexes what a file that was still being written holds beyond its row, and cuts off what is not whole. */
export async function finishFile(
  { fs, absolute, index }: FileToRepair,
  bytes: Buffer,
  row: FileRow,
): Promise<RepairFinding | undefined> {
  const { path } = row;
  const kept = row.entries.slice(0, firstDamaged(bytes, row.entries));
  if (kept.length < row.entries.length) {
    await index.save([{ ...row, entries: kept }]);
    const lost = row.entries.length - kept.length;
    return { kind: 'truncated', path, detail: `${lost} indexed segments were not on the disk as written` };
  }
  const header = headerOf(bytes);
  if (typeof header === 'string') {
    await index.save([row]);
    return { kind: 'unreadable', path, detail: header };
  }
  const last = row.entries.at(-1);
  const indexedEnd = last ? last.offset + last.bytes : header.end;
  const scan = scanSegments(bytes, indexedEnd, header.init.timescale, header.checked);
  const found = rebased(scan, row.startMs);
  await cutOff(fs, absolute, bytes.length, scan.goodEnd);
  await index.save([{ ...row, entries: [...row.entries, ...found] }]);
  return found.length > 0 || scan.goodEnd < bytes.length ? recovered(path, scan, bytes.length) : undefined;
}

/** Indexes a file that no row speaks of. */
export async function adoptFile(
  { fs, absolute, index }: FileToRepair,
  bytes: Buffer,
  file: { cameraId: string; track: TrackName; firstMsn: number; disk: number; path: string },
): Promise<RepairFinding> {
  const { path } = file;
  const header = headerOf(bytes);
  // A power cut amid the header leaves little of it; anything larger is somebody's to look at.
  if (typeof header === 'string' && bytes.length > LARGEST_HEADER_BYTES)
    return { kind: 'unreadable', path, detail: header };
  const scan =
    typeof header === 'string'
      ? undefined
      : scanSegments(bytes, header.end, header.init.timescale, header.checked);
  if (typeof header === 'string' || !scan || scan.entries.length === 0) {
    await fs.remove(absolute);
    return { kind: 'truncated', path, detail: 'it held no whole part' };
  }
  await index.saveInit(file.cameraId, header.init);
  await cutOff(fs, absolute, bytes.length, scan.goodEnd);
  const startMs = Math.floor(scan.startMs);
  await index.save([
    {
      ...file,
      startMs,
      initHash: header.init.hash,
      state: 'closed',
      breakBefore: 'hub-stopped',
      entries: rebased(scan, startMs),
    },
  ]);
  return { ...recovered(path, scan, bytes.length), kind: 'adopted' };
}

interface Header {
  init: InitSegment;
  /** Where footage begins. */
  end: number;
  /** The file carries checksums. */
  checked: boolean;
}

/** @returns why it cannot be read, if it cannot */
function headerOf(bytes: Buffer): Header | string {
  try {
    for (const box of boxesIn(bytes)) {
      if (box.type !== 'moov') continue;
      const next = boxAt(bytes, box.end);
      const check = next && next.end <= bytes.length ? readCheck(bytes, next) : undefined;
      if (check && (!check.holds || check.from !== 0)) return 'the header does not fit its checksum';
      const init = readInitSegment(bytes.subarray(0, box.end));
      return { init, end: check && next ? next.end : box.end, checked: check !== undefined };
    }
    return 'the file has no header';
  } catch (error) {
    if (error instanceof MalformedMp4 || error instanceof UnsupportedTrack || error instanceof RangeError)
      return error.message;
    throw error;
  }
}

/** Number of the first segment whose bytes are not there or not what was written. */
function firstDamaged(bytes: Buffer, entries: readonly SegmentEntry[]): number {
  const at = entries.findIndex(({ offset, bytes: size }) => {
    if (offset + size > bytes.length) return true;
    try {
      checkedParts(bytes.subarray(offset, offset + size));
      return false;
    } catch (error) {
      if (error instanceof DamagedFootage) return true;
      throw error;
    }
  });
  return at < 0 ? entries.length : at;
}

const rebased = (scan: Scan, startMs: number) =>
  scan.entries.map((entry) => ({
    ...entry,
    startUs: entry.startUs + Math.round((scan.startMs - startMs) * 1000),
  }));

const recovered = (path: string, scan: Scan, size: number): RepairFinding => ({
  kind: 'recovered',
  path,
  detail: `${scan.entries.length} segments found, ${size - scan.goodEnd} bytes of an unfinished one cut off`,
});

/** What is indexed next must be safe first, as ever. */
async function cutOff(fs: FootageFs, absolute: string, size: number, goodEnd: number): Promise<void> {
  const file = await fs.open(absolute, 'write');
  try {
    if (goodEnd < size) await file.truncate(goodEnd);
    await file.datasync();
  } finally {
    await file.close();
  }
}
