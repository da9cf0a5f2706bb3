import { open, readdir, readFile, stat, truncate, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../base/errors.ts';
import type { TrackName } from '../contract/video.ts';
import { breakReason, type FileIndex, type FileRow } from './file-index.ts';
import { parseFilePath } from './file-path.ts';
import { type InitSegment, readInitSegment } from './init-segment.ts';
import { boxesIn } from './mp4-boxes.ts';
import { type Scan, scanSegments } from './scan.ts';
import type { RepairFinding } from './types.ts';

const LARGEST_HEADER_BYTES = 64 * 1024;

export interface RepairServices {
  folder: string;
  index: FileIndex;
  /** The camera whose footage stands under a number; undefined when nobody knows it any more. */
  cameraIdOf(num: number): string | undefined;
}

/**
 * Makes index and folder agree again after a kill or a power cut, both ways:
 * a file that was being written keeps every whole fragment and loses the rest; a row without a file goes;
 * a file without a row is indexed anew from what stands in it; what was being deleted is deleted. A folder
 * without any file is taken for a disk that is not mounted: then nothing is forgotten.
 */
export async function repair({ folder, index, cameraIdOf }: RepairServices): Promise<RepairFinding[]> {
  const findings: RepairFinding[] = [];
  const onDisk = new Set(await listFiles(folder));
  const rows = await index.allFiles();
  if (onDisk.size === 0 && rows.some((row) => row.state !== 'deleting'))
    return [
      { kind: 'missing-disk', path: folder, detail: 'no recording is there; the index was left alone' },
    ];
  const missing: number[] = [];
  for (const row of rows) {
    const present = onDisk.delete(row.path);
    if (row.state === 'deleting') {
      if (present) {
        await unlink(join(folder, row.path));
        findings.push({ kind: 'deleted-leftover', path: row.path, detail: 'its deletion had begun' });
      }
      missing.push(row.id);
    } else if (!present) {
      missing.push(row.id);
      findings.push({ kind: 'missing-file', path: row.path, detail: 'its row was removed' });
    } else if (row.state === 'open') {
      const entries = await index.entriesOf(row.id);
      findings.push(
        ...(await finishFile(folder, index, {
          cameraId: row.camera_id,
          track: row.track,
          path: row.path,
          firstMsn: row.first_msn,
          startMs: row.start_ms,
          initHash: row.init_hash,
          state: 'closed',
          breakBefore: breakReason(row.break_before),
          entries,
        })),
      );
    }
  }
  await index.forget(missing);
  for (const path of onDisk) {
    const parsed = parseFilePath(path);
    const cameraId = parsed && cameraIdOf(parsed.cameraNum);
    if (!parsed || cameraId === undefined) {
      findings.push({
        kind: 'unreadable',
        path,
        detail: 'no camera is known for this file; it was left alone',
      });
      continue;
    }
    try {
      findings.push(...(await adopt(folder, index, path, { cameraId, ...parsed })));
    } catch (error) {
      // One file must not keep the hub from starting: it stays where it is, and the next start tries again.
      findings.push({ kind: 'unreadable', path, detail: messageOf(error) });
    }
  }
  return findings;
}

/** Indexes what a file that was still being written holds beyond its row, and cuts off what is not whole. */
async function finishFile(folder: string, index: FileIndex, row: FileRow): Promise<RepairFinding[]> {
  const absolute = join(folder, row.path);
  const bytes = await readFile(absolute);
  const last = row.entries.at(-1);
  const indexedEnd = last ? last.offset + last.bytes : 0;
  if (bytes.length < indexedEnd) {
    const kept = row.entries.filter((entry) => entry.offset + entry.bytes <= bytes.length);
    await index.save([{ ...row, entries: kept }]);
    const lost = row.entries.length - kept.length;
    return [{ kind: 'truncated', path: row.path, detail: `${lost} indexed segments were not on the disk` }];
  }
  let init: InitSegment;
  try {
    init = initOf(bytes);
  } catch (error) {
    await index.save([row]);
    return [{ kind: 'unreadable', path: row.path, detail: messageOf(error) }];
  }
  const scan = scanSegments(bytes, indexedEnd, init.timescale);
  const found = rebased(scan, row.startMs);
  await cutOff(absolute, bytes.length, scan.goodEnd);
  await index.save([{ ...row, entries: [...row.entries, ...found] }]);
  return found.length > 0 || scan.goodEnd < bytes.length ? [recovered(row.path, scan, bytes.length)] : [];
}

async function adopt(
  folder: string,
  index: FileIndex,
  path: string,
  { cameraId, track, firstMsn }: { cameraId: string; track: TrackName; firstMsn: number },
): Promise<RepairFinding[]> {
  const absolute = join(folder, path);
  const bytes = await readFile(absolute);
  let init: InitSegment | undefined;
  try {
    init = initOf(bytes);
  } catch (error) {
    // A kill amid the header leaves some hundred bytes; anything larger is somebody's to look at.
    if (bytes.length > LARGEST_HEADER_BYTES) return [{ kind: 'unreadable', path, detail: messageOf(error) }];
  }
  const scan = init && scanSegments(bytes, init.bytes.length, init.timescale);
  if (!init || !scan || scan.entries.length === 0) {
    await unlink(absolute);
    return [{ kind: 'truncated', path, detail: 'it held no whole fragment' }];
  }
  await index.saveInit(cameraId, init);
  await cutOff(absolute, bytes.length, scan.goodEnd);
  const startMs = Math.floor(scan.startMs);
  await index.save([
    {
      cameraId,
      track,
      path,
      firstMsn,
      startMs,
      initHash: init.hash,
      state: 'closed',
      breakBefore: 'hub-stopped',
      entries: rebased(scan, startMs),
    },
  ]);
  return [{ ...recovered(path, scan, bytes.length), kind: 'adopted' }];
}

function initOf(bytes: Buffer): InitSegment {
  for (const box of boxesIn(bytes))
    if (box.type === 'moov') return readInitSegment(bytes.subarray(0, box.end));
  throw new Error('the file has no header');
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

async function cutOff(absolute: string, size: number, goodEnd: number): Promise<void> {
  if (goodEnd < size) await truncate(absolute, goodEnd);
  const handle = await open(absolute, 'r+');
  try {
    await handle.datasync();
  } finally {
    await handle.close();
  }
}

/** Paths of all recording files, relative to the folder, with `/`. */
async function listFiles(folder: string): Promise<string[]> {
  const paths: string[] = [];
  for (const camera of await readdir(folder)) {
    if (!/^\d+$/.test(camera) || !(await stat(join(folder, camera))).isDirectory()) continue;
    for (const day of await readdir(join(folder, camera)))
      for (const name of await readdir(join(folder, camera, day))) paths.push(`${camera}/${day}/${name}`);
  }
  return paths;
}
