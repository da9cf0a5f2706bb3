import { dirname, join } from 'node:path';
import { messageOf } from '../base/errors.ts';
import type { RepairFinding } from '../contract/recording.ts';
import type { TrackName } from '../contract/video.ts';
import type { Disk } from './disks/disk-contract.ts';
import { type FootageFs, readWhole } from './disks/footage-fs.ts';
import type { FileIndex } from './file-index.ts';
import { parseFilePath } from './file-path.ts';
import { breakReason } from './file-row.ts';
import { adoptFile, finishFile } from './repair-file.ts';

export interface RepairServices {
  disk: Disk;
  /** The disk's number. */
  num: number;
  index: FileIndex;
  /** The camera whose footage stands under a number; undefined when nobody knows it any more. */
  cameraIdOf(num: number): string | undefined;
  /** Is the disk with this number there just now? */
  present(num: number): boolean;
}

/**
 * Makes index and disk agree about what was being written or deleted when the disk was left: a file that was
 * being written keeps every whole part and loses the rest, what was being deleted is deleted. Nothing may be
 * writing to the disk meanwhile.
 */
export async function settleUnfinished({ disk, num, index }: RepairServices): Promise<RepairFinding[]> {
  const { fs } = disk;
  const findings: RepairFinding[] = [];
  for (const row of await index.unsettled(num)) {
    const { path } = row;
    const absolute = join(disk.settings.folder, path);
    const present = await exists(fs, absolute);
    // What seems gone may have gone with its disk, in the middle of this.
    if (!present) await disk.check();
    if (row.state === 'deleting') {
      await fs.remove(absolute);
      // Its name must be gone for good before nobody knows any more that it was to go.
      await fs.syncFolder(dirname(absolute)).catch(goneAlready);
      await disk.check();
      await index.forget([row.id]);
      if (present) findings.push({ kind: 'deleted-leftover', path, detail: 'its deletion had begun' });
    } else if (!present) {
      await index.forget([row.id]);
      findings.push({ kind: 'missing-file', path, detail: 'its row was removed' });
    } else {
      const finding = await finishFile({ fs, absolute, index }, await readWhole(fs, absolute), {
        cameraId: row.camera_id,
        track: row.track,
        disk: num,
        path,
        firstMsn: row.first_msn,
        startMs: row.start_ms,
        initHash: row.init_hash,
        state: 'closed',
        breakBefore: breakReason(row.break_before),
        entries: await index.entriesOf(row.id),
      });
      if (finding) findings.push(finding);
    }
  }
  return findings;
}

/**
 * The same for everything on a disk, both ways: a row without a file goes, a file without a row is indexed anew
 * from what stands in it. The disk's identity was seen: what is not there is gone, not merely unmounted.
 */
export async function settleAll(services: RepairServices): Promise<RepairFinding[]> {
  const { disk, index } = services;
  const findings = await settleUnfinished(services);
  const folders = new Set(await index.cameraFolders());
  for (const name of await disk.fs.list(disk.settings.folder)) if (/^\d+$/.test(name)) folders.add(name);
  for (const folder of folders) findings.push(...(await settleCamera(services, folder)));
  return findings;
}

async function settleCamera(services: RepairServices, folder: string): Promise<RepairFinding[]> {
  const { disk, num, index, present } = services;
  const findings: RepairFinding[] = [];
  const found = new Set(await filesIn(disk, folder));
  const missing: number[] = [];
  for (const row of await index.pathsUnder(folder)) {
    const here = found.delete(row.path);
    const { path } = row;
    if (row.disk === num) {
      if (here) continue;
      missing.push(row.id);
      findings.push({ kind: 'missing-file', path, detail: 'its row was removed' });
    } else if (here && row.disk !== null && !present(row.disk)) {
      await index.moveTo(row.id, num);
      findings.push({ kind: 'moved', path, detail: `it was on disk ${row.disk}, which is not there` });
    } else if (here)
      findings.push({
        kind: 'unreadable',
        path,
        detail: 'another disk has it too; this copy was left alone',
      });
  }
  // The disk was seen before its files were listed; it may have been pulled out in between.
  if (missing.length > 0) await disk.check();
  await index.forget(missing);
  for (const path of found) findings.push(await settleStranger(services, path));
  return findings;
}

/** A file that no row speaks of. */
async function settleStranger(
  { disk, num, index, cameraIdOf }: RepairServices,
  path: string,
): Promise<RepairFinding> {
  const { fs } = disk;
  const parsed = parseFilePath(path);
  const cameraId = parsed && cameraIdOf(parsed.cameraNum);
  if (!parsed || cameraId === undefined)
    return { kind: 'unreadable', path, detail: 'no camera is known for this file; it was left alone' };
  const absolute = join(disk.settings.folder, path);
  const bytes = await readWhole(fs, absolute);
  const { track, firstMsn }: { track: TrackName; firstMsn: number } = parsed;
  try {
    return await adoptFile({ fs, absolute, index }, bytes, { cameraId, track, firstMsn, disk: num, path });
  } catch (error) {
    // One file must not keep the disk out: it stays where it is, and the next start tries again.
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_CONSTRAINT'))
      return { kind: 'unreadable', path, detail: messageOf(error) };
    throw error;
  }
}

function goneAlready(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}

const exists = (fs: FootageFs, path: string): Promise<boolean> =>
  fs.facts(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false;
      throw error;
    },
  );

/** Paths of all files in a camera's folder, relative to the disk's, with `/`. */
async function filesIn({ fs, settings }: Disk, camera: string): Promise<string[]> {
  const root = join(settings.folder, camera);
  if (!(await exists(fs, root)) || !(await fs.facts(root)).folder) return [];
  const paths: string[] = [];
  for (const day of await fs.list(root)) {
    if (!(await fs.facts(join(root, day))).folder) continue;
    for (const name of await fs.list(join(root, day))) paths.push(`${camera}/${day}/${name}`);
  }
  return paths;
}
