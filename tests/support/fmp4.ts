import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Fragmented MP4 of a moving test picture, a fragment a frame, as a camera session's ffmpeg writes it. */
export async function testFmp4(
  options: {
    seconds?: number;
    fps?: number;
    gop?: number;
    size?: string;
    profile?: string;
    encoder?: string;
  } = {},
): Promise<Buffer> {
  const {
    seconds = 4,
    fps = 10,
    gop = 20,
    size = '320x240',
    profile = 'main',
    encoder = 'libx264',
  } = options;
  const { stdout } = await run(
    'ffmpeg',
    [
      ...['-nostdin', '-loglevel', 'error', '-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=${fps}`],
      ...['-t', String(seconds), '-c:v', encoder, '-preset', 'veryfast', '-bf', '0', '-profile:v', profile],
      ...[
        '-g',
        String(gop),
        '-keyint_min',
        String(gop),
        '-sc_threshold',
        '0',
        '-pix_fmt',
        'yuv420p',
        '-f',
        'mp4',
      ],
      ...['-movflags', '+frag_every_frame+empty_moov+default_base_moof+skip_trailer', 'pipe:1'],
    ],
    { encoding: 'buffer', maxBuffer: 64 * 1024 * 1024 },
  );
  return stdout;
}
