import { createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { openPromise } from 'yauzl';
import { ZipFile } from 'yazl';
import { sha256Of } from './hash.ts';
import type { FoundFile } from './verify.ts';

/** Where an entry's bytes stand in the ZIP: nothing is compressed, so a part of it is the file itself. */
export interface Place {
  offset: number;
  bytes: number;
}

/** Puts files under their names into a ZIP, stored as they are, and that on the disk for good. */
export async function writeZip(
  file: string,
  entries: readonly { path: string; name: string }[],
  mtime: Date,
  signal: AbortSignal,
): Promise<void> {
  const zip = new ZipFile();
  const failed = new AbortController();
  zip.on('error', (error) => failed.abort(error));
  for (const { path, name } of entries) zip.addFile(path, name, { compress: false, mtime, mode: 0o100644 });
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(file, { mode: 0o600 }), {
    signal: AbortSignal.any([signal, failed.signal]),
  });
  const handle = await open(file, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The places of a ZIP's entries, by name. */
export async function zipPlaces(file: string): Promise<Map<string, Place>> {
  const zip = await openPromise(file, { autoClose: false });
  try {
    const places = new Map<string, Place>();
    for await (const entry of zip.eachEntry()) {
      const { fileDataStart } = await zip.readLocalFileHeaderPromise(entry, { minimal: true });
      places.set(entry.fileName, { offset: fileDataStart, bytes: entry.uncompressedSize });
    }
    return places;
  } finally {
    zip.close();
  }
}

/** Every entry with its hash, and the text of the one called `textName` (at most `textLimit` bytes of it). */
export async function readZip(
  file: string,
  textName: string,
  textLimit: number,
): Promise<{ found: FoundFile[]; text: string | null }> {
  const zip = await openPromise(file, { autoClose: false });
  try {
    const found: FoundFile[] = [];
    let text: string | null = null;
    for await (const entry of zip.eachEntry()) {
      const stream = await zip.openReadStreamPromise(entry);
      if (entry.fileName === textName && text === null) text = await textOf(stream, textLimit);
      else found.push({ name: entry.fileName, ...(await sha256Of(stream)) });
    }
    return { found, text };
  } finally {
    zip.close();
  }
}

async function textOf(stream: Readable, limit: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > limit) throw new Error(`the manifest is larger than ${limit} bytes`);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}
