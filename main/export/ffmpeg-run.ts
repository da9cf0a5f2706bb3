import type { ChildProcess } from 'node:child_process';
import { availableParallelism } from 'node:os';
import type { Readable } from 'node:stream';
import type { FfmpegCommand } from 'fluent-ffmpeg';
import { AppError, messageOf } from '../base/errors.ts';
import { ffmpegCommand } from '../video/ffmpeg-command.ts';

/** Below everything else: live pictures and recording go first. */
const NICENESS = 15;
/** Half of the machine at most, and never so much that a large one is filled by one export. */
export const ENCODER_THREADS = Math.max(1, Math.min(4, Math.floor(availableParallelism() / 2)));

export interface Ffmpeg {
  path: string;
  /** The folder that file names in the command are meant in. */
  folder: string;
  signal: AbortSignal;
}

/**
 * One run of ffmpeg beside everything else that the hub does. Resolves when it has ended well; ended by the
 * signal it rejects with the signal's reason. @throws AppError `export-encoder`
 */
export async function runFfmpeg(
  { path, folder, signal }: Ffmpeg,
  input: Readable | null,
  compose: (command: FfmpegCommand) => void,
): Promise<void> {
  signal.throwIfAborted();
  let child: ChildProcess | undefined;
  const kill = () => child?.kill('SIGKILL');
  let inputError: unknown;
  try {
    await new Promise<void>((resolve, reject) => {
      const command = ffmpegCommand(path, { niceness: NICENESS, cwd: folder, stdoutLines: 20 }, (started) => {
        child = started;
        if (signal.aborted) kill();
      });
      if (input) {
        input.once('error', (error) => {
          inputError = error;
          kill();
        });
        command.input(input);
      }
      compose(command);
      command
        .on('error', (error: Error, _stdout: string | null, stderr: string | null) => {
          const said = (stderr ?? '').trim().split('\n').at(-1) ?? '';
          reject(new Error(said === '' ? messageOf(error) : said, { cause: error }));
        })
        .on('end', () => resolve());
      signal.addEventListener('abort', kill, { once: true });
      command.run();
    });
  } catch (error) {
    signal.throwIfAborted();
    if (inputError instanceof Error) throw inputError;
    throw encoderFailed(error);
  } finally {
    signal.removeEventListener('abort', kill);
    input?.destroy();
  }
}

function encoderFailed(error: unknown): AppError {
  const why = messageOf(error).slice(0, 300);
  if (/no space left/i.test(why))
    return new AppError(
      'export-disk-full',
      507,
      'The disk of the hub became full while the export was made. Free some room and export again.',
      {},
      { cause: error },
    );
  return new AppError(
    'export-encoder',
    500,
    `The copy could not be made (${why}).`,
    { why },
    { cause: error },
  );
}
