import { PassThrough, Readable } from 'node:stream';
import { AppError, messageOf } from '../base/errors.ts';
import { ffmpegCommand } from './ffmpeg-command.ts';
import { createStartGate } from './start-gate.ts';

const DECODE_TIMEOUT_S = 8;
/** A wall of tiles asks for all its pictures in one moment. */
const DECODERS_AT_ONCE = 3;
/** Pictures waited for at the same time: who asks for more than all walls show must not hold up the others for minutes. */
const MOST_WAITED_FOR = 500;
const MAX_JPEG_BYTES = 4 * 1024 * 1024;

export const picturesBusy = (): AppError =>
  new AppError('pictures-busy', 503, 'Too many pictures are being made just now. Try again in a moment.');

/** Decodes the first picture of an init segment and what follows it to JPEG. @throws AppError `no-picture` */
export function decodePicture(ffmpegPath: string, mp4: Buffer, maxWidth = 1280): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const output = new PassThrough({ emitClose: false });
    output.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= MAX_JPEG_BYTES) chunks.push(chunk);
    });
    const fail = (why: string) =>
      reject(new AppError('no-picture', 502, `No picture could be decoded (${why}).`, { why }));
    const command = ffmpegCommand(ffmpegPath, { timeout: DECODE_TIMEOUT_S, stdoutLines: 20 });
    command
      .input(Readable.from([mp4]))
      .inputOptions(['-nostdin', '-hide_banner', '-loglevel', 'error', '-threads', '1', '-f', 'mp4'])
      .outputOptions([
        ...[
          '-map',
          '0:v:0',
          '-frames:v',
          '1',
          '-vf',
          `scale='min(${maxWidth},iw)':-2`,
          '-pix_fmt',
          'yuvj420p',
        ],
        ...['-q:v', '4', '-f', 'image2pipe', '-c:v', 'mjpeg'],
      ])
      .on('error', (error: Error) => fail(messageOf(error).split('\n')[0] ?? ''))
      .on('end', () => {
        if (size === 0 || size > MAX_JPEG_BYTES) fail(size === 0 ? 'ffmpeg gave none' : 'it is too large');
        else resolve(Buffer.concat(chunks));
      })
      .output(output, { end: true });
    command.run();
  });
}

/** Pictures already decoded, newest use last, by bytes. */
export function createPictureCache(maxBytes = 64 * 1024 * 1024, mostWaitedFor = MOST_WAITED_FOR) {
  const pictures = new Map<string, Buffer>();
  const decoding = new Map<string, Promise<Buffer>>();
  const gate = createStartGate(DECODERS_AT_ONCE);
  const forever = new AbortController().signal;
  let bytes = 0;
  return {
    /** The picture under `key`; decoded by `make` once, however many ask at the same time. @throws AppError `pictures-busy` */
    get(key: string, make: () => Promise<Buffer>): Promise<Buffer> {
      const known = pictures.get(key);
      if (known) {
        pictures.delete(key);
        pictures.set(key, known);
        return Promise.resolve(known);
      }
      const running = decoding.get(key);
      if (running) return running;
      if (decoding.size >= mostWaitedFor) return Promise.reject(picturesBusy());
      const started = gate
        .enter(forever)
        .then((leave) => make().finally(leave))
        .then((picture) => {
          pictures.set(key, picture);
          bytes += picture.length;
          for (const [oldest, old] of pictures) {
            if (bytes <= maxBytes) break;
            pictures.delete(oldest);
            bytes -= old.length;
          }
          return picture;
        })
        .finally(() => decoding.delete(key));
      decoding.set(key, started);
      return started;
    },
  };
}
