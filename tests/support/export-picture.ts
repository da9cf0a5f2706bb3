import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const font = fileURLToPath(
  new URL('../../node_modules/dejavu-fonts-ttf/ttf/DejaVuSans.ttf', import.meta.url),
);

const raw = async (args: readonly string[]): Promise<Buffer> =>
  (
    await run(
      'ffmpeg',
      ['-nostdin', '-v', 'error', ...args, '-pix_fmt', 'gray', '-f', 'rawvideo', 'pipe:1'],
      {
        encoding: 'buffer',
        maxBuffer: 64 * 1024 * 1024,
      },
    )
  ).stdout;

/** Frame number `index` of a film or picture, grey, cropped to `area` (`w:h:x:y`). */
export const greyFrame = (file: string, index: number, area: string): Promise<Buffer> =>
  raw([
    '-i',
    file,
    '-vf',
    `select=eq(n\\,${index}),crop=${area}`,
    '-frames:v',
    '1',
    '-fps_mode',
    'passthrough',
  ]);

/** The text as the mark's first line would show it on a grey picture, cropped likewise. */
export const greyText = (text: string, fontSize: number, size: string, area: string): Promise<Buffer> => {
  const escaped = text.replaceAll(':', '\\\\:');
  const style = `fontcolor=white:box=1:boxcolor=black@0.6:boxborderw=5:x=8:y=8:line_spacing=2`;
  const drawn = `drawtext=fontfile=${font}:expansion=none:fontsize=${fontSize}:${style}:text=${escaped}`;
  return raw([
    '-f',
    'lavfi',
    '-i',
    `color=c=gray:s=${size}:d=1`,
    '-vf',
    `${drawn},crop=${area}`,
    '-frames:v',
    '1',
  ]);
};

/** Mean difference of two grey pictures, 0 to 255. */
export function difference(a: Buffer, b: Buffer): number {
  if (a.length !== b.length || a.length === 0) throw new Error(`${a.length} bytes against ${b.length}`);
  return a.reduce((sum, value, index) => sum + Math.abs(value - b.readUInt8(index)), 0) / a.length;
}
