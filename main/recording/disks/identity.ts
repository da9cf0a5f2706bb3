import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { Clock } from '../../base/clock.ts';
import { newId } from '../../base/ids.ts';
import type { DiskTable } from './disk-table.ts';
import { DiskTrouble } from './disk-trouble.ts';
import { type FileFacts, type FootageFs, readWhole } from './footage-fs.ts';

/** Stands in the folder of each disk and says which it is: a mount that is missing or swapped is noticed by it. */
const IDENTITY_FILE = '.kalancha-disk.json';
const Identity = z.object({ kalancha: z.literal('footage'), id: z.string().min(8).max(64) });
/** Larger than any identity file of ours. */
const MAX_IDENTITY_BYTES = 4096;

export interface KnownDisk {
  num: number;
  /** Of the identity file: when they change, something else is mounted. */
  facts: FileFacts;
}

export interface IdentifyOptions {
  fs: FootageFs;
  table: DiskTable;
  folder: string;
  clock: Clock;
  /** Footage of a version that knew one folder only is looked for here. */
  first: boolean;
  /** Somebody said that a blank disk, or one of another hub, takes this place. */
  accept: boolean;
}

/**
 * Finds out which disk stands in a folder, by the identity file in it; a folder never met gets one. A folder that
 * was met before and carries none is a mount point without its disk: nothing may be written there, for it would
 * fill the disk of the system. @throws DiskTrouble, and what the system says
 */
export async function identify(options: IdentifyOptions): Promise<KnownDisk> {
  const { fs, table, folder, accept } = options;
  const expected = await table.byFolder(folder);
  const mayBeNew = expected === undefined || accept;
  const file = join(folder, IDENTITY_FILE);
  const present = await readIdentity(fs, file);
  if (present !== undefined) {
    const known = await table.byIdentity(present);
    if (!known && !mayBeNew)
      throw new DiskTrouble('other-disk', `${folder} carries a disk of another hub, not the one known`);
    const num = known?.num ?? (await table.add(present, folder, options.clock.now()));
    if (known && known.folder !== folder) await table.moved(num, folder);
    return placed(options, num, file);
  }
  if (!mayBeNew)
    throw new DiskTrouble('not-mounted', `${folder} does not carry the disk that was there: is it mounted?`);
  if (await fs.makeFolder(folder)) await fs.syncFolder(dirname(folder));
  if (options.first && !accept && (await table.hasUnplaced()) && (await cameraFolders(fs, folder)) === 0)
    throw new DiskTrouble('not-mounted', `${folder} holds none of the footage known: is it mounted?`);
  const id = newId(options.clock.now());
  await writeIdentity(fs, folder, file, id);
  // Only now is the name free: the disk that stood here before keeps its footage, should it come back elsewhere.
  if (expected) await table.moved(expected.num, null);
  return placed(options, await table.add(id, folder, options.clock.now()), file);
}

async function placed({ fs, table, first }: IdentifyOptions, num: number, file: string): Promise<KnownDisk> {
  if (first && (await table.hasUnplaced())) await table.placeAll(num);
  return { num, facts: await fs.facts(file) };
}

/** Is what stands in the folder still what was identified? @throws DiskTrouble, and what the system says */
export async function checkStillThere(fs: FootageFs, folder: string, known: KnownDisk): Promise<void> {
  const now = await fs.facts(join(folder, IDENTITY_FILE));
  if (now.device !== known.facts.device || now.inode !== known.facts.inode)
    throw new DiskTrouble('not-mounted', `something else is mounted at ${folder}`);
}

async function readIdentity(fs: FootageFs, file: string): Promise<string | undefined> {
  let bytes: Buffer;
  try {
    if ((await fs.facts(file)).bytes > MAX_IDENTITY_BYTES)
      throw new DiskTrouble('other-disk', `${file} is none of ours`);
    bytes = await readWhole(fs, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  // A power cut while it was made leaves an empty one, or zeros.
  if (bytes.every((byte) => byte === 0)) {
    await fs.remove(file);
    return undefined;
  }
  try {
    return Identity.parse(JSON.parse(bytes.toString('utf8'))).id;
  } catch {
    throw new DiskTrouble('other-disk', `${file} cannot be read: delete it if this disk is to be used`);
  }
}

async function writeIdentity(fs: FootageFs, folder: string, file: string, id: string): Promise<void> {
  const handle = await fs.create(file);
  try {
    await handle.write([Buffer.from(`${JSON.stringify({ kalancha: 'footage', id })}\n`)], 0);
    await handle.datasync();
  } finally {
    await handle.close();
  }
  await fs.syncFolder(folder);
}

const cameraFolders = async (fs: FootageFs, folder: string): Promise<number> =>
  (await fs.list(folder)).filter((name) => /^\d+$/.test(name)).length;
