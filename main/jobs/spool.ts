import { createWriteStream, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AppError, messageOf } from '../base/errors.ts';
import { newId } from '../base/ids.ts';

export interface Spooled {
  file: string;
  remove(): Promise<void>;
}

export interface Spool {
  /**
   * Writes what comes to a file of its own. Nothing is left of what is too large or breaks off.
   * @throws AppError `upload-too-large`, `disk-full`, `upload-broken`
   */
  receive(source: Readable, limitBytes: number): Promise<Spooled>;
}

/**
 * A folder for uploads that background work reads: only its owner can look inside, since they may hold
 * passwords, and what an earlier run left there is removed.
 */
export function createSpool(dir: string): Spool {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  for (const name of readdirSync(dir)) rmSync(join(dir, name), { recursive: true, force: true });
  return {
    async receive(source, limitBytes) {
      const file = join(dir, newId(Date.now()));
      const remove = () => rm(file, { force: true });
      let received = 0;
      const limit = new Transform({
        transform(chunk: Buffer, _encoding, done) {
          received += chunk.length;
          done(received > limitBytes ? tooLarge(limitBytes) : null, chunk);
        },
      });
      try {
        await pipeline(source, limit, createWriteStream(file, { flags: 'wx', mode: 0o600 }));
        return { file, remove };
      } catch (error) {
        await remove();
        throw error instanceof AppError ? error : broken(error);
      }
    },
  };
}

export const tooLarge = (limitBytes: number) =>
  new AppError(
    'upload-too-large',
    413,
    `The file is larger than ${Math.floor(limitBytes / 2 ** 20)} MiB. Split it.`,
    { limitMiB: Math.floor(limitBytes / 2 ** 20) },
  );

function broken(error: unknown): AppError {
  const full = error instanceof Error && 'code' in error && error.code === 'ENOSPC';
  return full
    ? new AppError(
        'disk-full',
        507,
        'The hub has no room left on its disk for the file.',
        {},
        { cause: error },
      )
    : new AppError(
        'upload-broken',
        400,
        `The file did not arrive whole (${messageOf(error)}). Send it again.`,
        {},
        { cause: error },
      );
}
