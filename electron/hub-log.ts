import { appendFileSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Readable } from 'node:stream';

/** The log grows to this, then it is put aside as `.old` and the one before that goes. */
const ROTATE_BYTES = 10 * 1024 * 1024;

export interface HubLog {
  readonly file: string;
  /** Writes one line of the shell's own. */
  line: (text: string) => void;
  /** Writes all that comes. */
  take(stream: Readable | null): void;
}

/**
 * What the hub and its children print, in a file only the owner can read, and on `terminal` for whoever started
 * the program from one.
 */
export function openHubLog(
  file: string,
  terminal: NodeJS.WritableStream,
  rotateBytes = ROTATE_BYTES,
): HubLog {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  let size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  let told = false;
  // A terminal that was closed takes nothing more; the file has it all.
  terminal.on('error', () => undefined);

  function append(chunk: Buffer | string): void {
    try {
      if (size > rotateBytes) {
        rmSync(`${file}.old`, { force: true });
        renameSync(file, `${file}.old`);
        size = 0;
      }
      appendFileSync(file, chunk, { mode: 0o600 });
      size += Buffer.byteLength(chunk);
      told = false;
    } catch (error) {
      // A full disk must not take the console down: said once, the log goes on in the terminal.
      if (!told) terminal.write(`the log ${file} cannot be written: ${String(error)}\n`);
      told = true;
    }
  }
  const write = (chunk: Buffer | string): void => {
    append(chunk);
    terminal.write(chunk);
  };
  return {
    file,
    line: (text) => write(`shell: ${text}\n`),
    take(stream) {
      stream?.on('data', (chunk: Buffer) => write(chunk));
    },
  };
}
