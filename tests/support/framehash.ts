import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface HashedFrame {
  /** Seconds from the first frame, rounded to a millisecond. */
  at: number;
  size: number;
  hash: string;
}

/**
 * What a foreign player finds in an address: `ffmpeg -c copy -f framehash`, frame by frame, and all that it had to
 * complain about.
 */
export async function framehash(
  input: string,
  options: { cookie?: string } = {},
): Promise<{ frames: HashedFrame[]; complaints: string }> {
  const headers = options.cookie ? ['-headers', `Cookie: ${options.cookie}\r\n`] : [];
  const { stdout, stderr } = await run(
    'ffmpeg',
    [
      ...['-nostdin', '-hide_banner', '-loglevel', 'warning', ...headers, '-i', input],
      ...['-map', '0:v:0', '-c', 'copy', '-f', 'framehash', '-'],
    ],
    { maxBuffer: 64 * 1024 * 1024 },
  );
  const base = /^#tb 0: (\d+)\/(\d+)/m.exec(stdout);
  const tick = base ? Number(base[1]) / Number(base[2]) : Number.NaN;
  const rows = stdout
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split(',').map((field) => field.trim()));
  const first = Number(rows[0]?.[2] ?? 0);
  return {
    frames: rows.map((row) => ({
      at: Math.round((Number(row[2]) - first) * tick * 1000) / 1000,
      size: Number(row[4]),
      hash: row[5] ?? '',
    })),
    complaints: stderr,
  };
}
