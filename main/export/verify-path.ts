import { open, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { AppError, messageOf } from '../base/errors.ts';
import { sha256Of, sha256OfFile } from './hash.ts';
import { isJpeg, takeNote } from './jpeg-note.ts';
import { MANIFEST_FILE, type Manifest } from './manifest.ts';
import {
  type ExportVerdict,
  type FoundFile,
  type TrustedKey,
  verifyFiles,
  verifyManifest,
} from './verify.ts';
import { readZip } from './zip.ts';

/** Twelve hours of one camera are some 20,000 segments of 250 bytes. */
const LARGEST_MANIFEST = 64 * 2 ** 20;
const LARGEST_PICTURE = 64 * 2 ** 20;

const failed = (code: ExportVerdict['problems'][number]['code'], sentence: string): ExportVerdict => ({
  problems: [{ code, sentence }],
  manifest: null,
  fingerprint: null,
  trusted: false,
});

const NO_MANIFEST = `There is no ${MANIFEST_FILE} with it. Without the manifest nothing can be verified.`;

/**
 * Verifies what somebody was handed: the ZIP of an export, its manifest with the files beside it, one of its
 * files with the manifest beside it, or a saved snapshot. Reads only; needs no hub.
 * @throws AppError `export-file-missing` when there is nothing at the path
 */
export async function verifyExportPath(file: string, trust: TrustedKey | null): Promise<ExportVerdict> {
  const head = await firstBytes(file);
  if (head.length >= 2 && head.toString('latin1', 0, 2) === 'PK') return verifyZip(file, trust);
  if (isJpeg(head)) return verifySnapshot(file, trust);
  if (basename(file).endsWith('.json') || head.toString('latin1').trimStart().startsWith('{'))
    return verifyBeside(file, trust);
  return verifyOne(file, trust);
}

async function firstBytes(file: string): Promise<Buffer> {
  try {
    const handle = await open(file, 'r');
    try {
      const bytes = Buffer.alloc(16);
      const { bytesRead } = await handle.read(bytes, 0, bytes.length, 0);
      return bytes.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw new AppError(
      'export-file-missing',
      404,
      `${file} cannot be read (${messageOf(error)}).`,
      { file },
      { cause: error },
    );
  }
}

function withFiles(verdict: ExportVerdict, found: readonly FoundFile[], complete: boolean): ExportVerdict {
  if (!verdict.manifest) return verdict;
  return { ...verdict, problems: [...verdict.problems, ...verifyFiles(verdict.manifest, found, complete)] };
}

async function verifyZip(file: string, trust: TrustedKey | null): Promise<ExportVerdict> {
  try {
    const { found, text } = await readZip(file, MANIFEST_FILE, LARGEST_MANIFEST);
    if (text === null) return failed('manifest-missing', NO_MANIFEST);
    return withFiles(verifyManifest(text, trust), found, true);
  } catch (error) {
    return failed('file-unreadable', `${basename(file)} is a damaged ZIP (${messageOf(error)}).`);
  }
}

async function verifySnapshot(file: string, trust: TrustedKey | null): Promise<ExportVerdict> {
  if ((await stat(file)).size > LARGEST_PICTURE)
    return failed('file-unreadable', `${basename(file)} is too large to be a snapshot.`);
  const taken = takeNote(await readFile(file));
  if (!taken) {
    const sentence = `${basename(file)} holds no manifest: it was saved anew by another program, or is no snapshot of Kalancha.`;
    return failed('manifest-missing', sentence);
  }
  const verdict = verifyManifest(taken.note, trust);
  const name = verdict.manifest?.files[0]?.name ?? '';
  const hashed = await sha256Of(Readable.from([taken.jpeg]));
  // Whatever the file is called now: the picture is what counts.
  return withFiles(verdict, [{ name, ...hashed }], true);
}

async function verifyBeside(manifestFile: string, trust: TrustedKey | null): Promise<ExportVerdict> {
  if ((await stat(manifestFile)).size > LARGEST_MANIFEST)
    return failed('manifest-unreadable', 'The manifest is too large to be one.');
  const verdict = verifyManifest(await readFile(manifestFile, 'utf8'), trust);
  if (!verdict.manifest) return verdict;
  return withFiles(verdict, await filesBeside(verdict.manifest, dirname(manifestFile)), true);
}

async function filesBeside(manifest: Manifest, folder: string): Promise<FoundFile[]> {
  const found: FoundFile[] = [];
  for (const { name } of manifest.files) {
    // A name with folders in it was never written by a hub.
    if (name !== basename(name)) continue;
    const path = join(folder, name);
    const there = await stat(path).then(
      (entry) => entry.isFile(),
      () => false,
    );
    if (there) found.push({ name, ...(await sha256OfFile(path)) });
  }
  return found;
}

async function verifyOne(file: string, trust: TrustedKey | null): Promise<ExportVerdict> {
  const text = await readFile(join(dirname(file), MANIFEST_FILE), 'utf8').catch(() => null);
  if (text === null) return failed('manifest-missing', NO_MANIFEST);
  const found = [{ name: basename(file), ...(await sha256OfFile(file)) }];
  return withFiles(verifyManifest(text, trust), found, false);
}
