import { existsSync, readFileSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { messageOf } from '../base/errors.ts';
import type { ChainMark } from './signing.ts';

const Head = z.strictObject({
  number: z.int().min(0),
  seq: z.int().min(0),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  at: z.int(),
  signature: z.string().max(200),
});
export type Head = z.infer<typeof Head>;

/** Where the signing key lies in a data folder. */
export const auditKeyFile = (dataDir: string): string => join(dataDir, 'audit-key.pem');

/**
 * The signed end of the chain, kept outside the database: entries and checkpoints that were cut off the end
 * of the table together are missed because this file still names them.
 */
export const headFileOf = (keyFile: string): string => join(dirname(keyFile), 'audit-head.json');

export type HeadState = { is: 'absent' } | { is: 'broken'; why: string } | { is: 'read'; head: Head };

export function readHead(file: string): HeadState {
  if (!existsSync(file)) return { is: 'absent' };
  try {
    return { is: 'read', head: Head.parse(JSON.parse(readFileSync(file, 'utf8'))) };
  } catch (error) {
    return { is: 'broken', why: messageOf(error) };
  }
}

/** Replaces the file as a whole, on disk before it resolves: a power cut leaves the old or the new one. */
export async function writeHead(file: string, mark: ChainMark, signature: string): Promise<void> {
  const draft = `${file}.new`;
  const handle = await open(draft, 'w', 0o600);
  try {
    const head: Head = { number: mark.number, seq: mark.seq, hash: mark.hash, at: mark.at, signature };
    await handle.writeFile(JSON.stringify(head));
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(draft, file);
}
