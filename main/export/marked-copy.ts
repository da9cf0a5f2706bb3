import { copyFile, open, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { AppError } from '../base/errors.ts';
import { boxAt } from '../recording/mp4-boxes.ts';
import { cardDrawing, type Drawing, FONT_FILE, markDrawing } from './burn-in.ts';
import type { CityTime } from './city-time.ts';
import { ENCODER_THREADS, type Ffmpeg, runFfmpeg } from './ffmpeg-run.ts';
import type { FootagePiece, GapPiece, Piece, Run } from './plan.ts';
import { type SoundInput, soundFilters } from './sound.ts';
import type { Source } from './source.ts';
import type { Language } from './words.ts';

/** How long a card for missing footage is shown, seconds. */
const CARD_S = 3;
const CARD_FPS = 10;
/** Of all pieces: what is joined by copying must tick alike. */
const TIME_SCALE = 90_000;
/** The copy may need half as many bits again as the camera used, and no camera's picture needs less than this. */
const ROOM_FOR_MARK = 1.5;
const LEAST_BITRATE = 1_000_000;

export interface MarkedCopyInput {
  ffmpeg: Ffmpeg;
  source: Source;
  pieces: readonly Piece[];
  /** Sound of the range, by runs; null when none is wanted. */
  sound: readonly Run[] | null;
  cityTime: CityTime;
  camera: string;
  person: string;
  copy: string;
  language: Language;
  /** Name of the finished file in the folder. */
  file: string;
  /** Milliseconds of footage done. */
  onProgress(ms: number): void;
}

interface Size {
  width: number;
  height: number;
}

/** Puts the font beside the work: ffmpeg finds it on a machine that has none. */
export async function placeFont(folder: string): Promise<void> {
  const font = createRequire(import.meta.url).resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf');
  await copyFile(font, join(folder, FONT_FILE));
}

/**
 * One camera's range as one MP4, encoded anew with the mark on every frame. Each piece has its own true start, so
 * the burned-in clock holds across gaps; what is missing is shown as a card with its times and the reason.
 */
export async function makeMarkedCopy(input: MarkedCopyInput): Promise<void> {
  const { ffmpeg, pieces, source, file } = input;
  const size = await commonSize(source, pieces);
  const names: string[] = [];
  let doneMs = 0;
  for (const [index, piece] of pieces.entries()) {
    const name = `piece-${index}`;
    if (piece.kind === 'gap') await card(input, piece, size, name);
    else {
      const before = doneMs;
      await footage(input, piece, size, name, (share) =>
        input.onProgress(before + share * (piece.to - piece.from)),
      );
      doneMs += piece.to - piece.from;
    }
    // Of a camera with a frame a second, a short stretch may hold none.
    if (await holdsFrames(join(ffmpeg.folder, `${name}.mp4`))) names.push(`${name}.mp4`);
  }
  if (pieces.every(({ kind }, index) => kind === 'gap' || !names.includes(`piece-${index}.mp4`)))
    throw new AppError('no-footage', 404, 'Nothing was recorded in this range.');
  const list = 'pieces.ffconcat';
  await writeFile(
    join(ffmpeg.folder, list),
    `ffconcat version 1.0\n${names.map((name) => `file ${name}\n`).join('')}`,
  );
  await runFfmpeg(ffmpeg, null, (command) =>
    command
      .input(list)
      .inputOptions(['-nostdin', '-hide_banner', '-loglevel', 'error', '-f', 'concat', '-safe', '0'])
      .outputOptions(['-map', '0', '-c', 'copy', '-movflags', '+faststart', '-f', 'mp4'])
      .output(file),
  );
  for (const name of names) await rm(join(ffmpeg.folder, name));
}

/** Is there anything in the media data of a file that ffmpeg wrote (ISO/IEC 14496-12 section 8.1.1)? */
async function holdsFrames(file: string): Promise<boolean> {
  const handle = await open(file, 'r');
  try {
    const head = Buffer.alloc(4096);
    const { bytesRead } = await handle.read(head, 0, head.length, 0);
    for (let at = 0; ; ) {
      const box = boxAt(head, at, bytesRead);
      if (!box) return false;
      if (box.type === 'mdat') return box.end > box.body;
      at = box.end;
    }
  } finally {
    await handle.close();
  }
}

/** All pieces are joined into one picture: the largest decides, in even numbers as H.264 wants them. */
async function commonSize(source: Source, pieces: readonly Piece[]): Promise<Size> {
  const size = { width: 0, height: 0 };
  for (const piece of pieces) {
    if (piece.kind === 'gap') continue;
    const { width, height } = await source.init('main', piece.run.initHash);
    if (width * height > size.width * size.height) Object.assign(size, { width, height });
  }
  return { width: size.width & ~1, height: size.height & ~1 };
}

const write = async (folder: string, { files }: Drawing): Promise<void> => {
  for (const [name, text] of Object.entries(files))
    await writeFile(join(folder, name), text, { mode: 0o600 });
};

const encoder = (bitrate: number, sound: boolean): string[] => [
  ...['-map', '[v]', '-c:v', 'libx264', '-preset', 'veryfast', '-crf', '21', '-pix_fmt', 'yuv420p'],
  ...['-maxrate', String(bitrate), '-bufsize', String(2 * bitrate), '-bf', '0', '-g', '50'],
  ...['-threads', String(ENCODER_THREADS), '-video_track_timescale', String(TIME_SCALE)],
  ...(sound ? ['-map', '[a]', '-c:a', 'aac', '-b:a', '96k', '-shortest'] : []),
  ...['-f', 'mp4'],
];

async function footage(
  { ffmpeg, source, sound, cityTime, camera, person, copy }: MarkedCopyInput,
  { run, startMs, from, to }: FootagePiece,
  size: Size,
  name: string,
  onProgress: (share: number) => void,
): Promise<void> {
  const init = await source.init('main', run.initHash);
  const total = run.segments.reduce((sum, segment) => sum + segment.bytes, 0);
  const lengthS = run.segments.reduce((sum, segment) => sum + segment.durationUs, 0) / 1e6;
  const bitrate = Math.round(Math.max(LEAST_BITRATE, ((total * 8) / lengthS) * ROOM_FOR_MARK));
  const drawing = markDrawing(
    { startMs, offsetMs: cityTime.offsetAt(from), camera, person, copy },
    size.width,
    size.height,
    name,
  );
  await write(ffmpeg.folder, drawing);
  const { width, height } = size;
  const fits = init.width === width && init.height === height;
  const picture = [
    'setpts=PTS-STARTPTS',
    `trim=start=${seconds(from - startMs)}:end=${seconds(to - startMs)}`,
    ...(fits ? [] : [`scale=${width}:${height}:force_original_aspect_ratio=decrease`]),
    ...(fits ? [] : [`pad=${width}:${height}:(ow-iw)/2:(oh-ih)/2`, 'setsar=1']),
    ...drawing.filters,
    'setpts=PTS-STARTPTS',
  ].join(',');
  const sounds: SoundInput = sound
    ? await soundFilters(source, sound, from, to, ffmpeg.folder, name)
    : { files: [], filter: null };
  let read = 0;
  const video = await source.stream('main', run, (bytes) => {
    read += bytes;
    onProgress(read / total);
  });
  await runFfmpeg(ffmpeg, video, (command) => {
    command.inputOptions([
      ...['-nostdin', '-hide_banner', '-loglevel', 'error', '-threads', '1', '-filter_complex_threads', '1'],
      ...['-f', 'mp4'],
    ]);
    for (const file of sounds.files) command.input(file);
    command
      .complexFilter([`[0:v:0]${picture}[v]`, ...(sounds.filter === null ? [] : [sounds.filter])].join(';'))
      .outputOptions(encoder(bitrate, sounds.filter !== null))
      .output(`${name}.mp4`);
  });
  for (const file of [...Object.keys(drawing.files), ...sounds.files]) await rm(join(ffmpeg.folder, file));
}

async function card(
  { ffmpeg, sound, cityTime, camera, person, language }: MarkedCopyInput,
  { from, to, reason }: GapPiece,
  { width, height }: Size,
  name: string,
): Promise<void> {
  const drawing = cardDrawing(
    { from, to, reason, offsetMs: cityTime.offsetAt(from), camera, person, language },
    width,
    height,
    name,
  );
  await write(ffmpeg.folder, drawing);
  const silence = `anullsrc=r=48000:cl=mono,atrim=end=${CARD_S}[a]`;
  await runFfmpeg(ffmpeg, null, (command) =>
    command
      .input(`color=c=0x1b1f24:s=${width}x${height}:r=${CARD_FPS}:d=${CARD_S}`)
      .inputOptions(['-nostdin', '-hide_banner', '-loglevel', 'error', '-f', 'lavfi'])
      .complexFilter([`[0:v:0]${drawing.filters.join(',')}[v]`, ...(sound ? [silence] : [])].join(';'))
      .outputOptions(encoder(LEAST_BITRATE, sound !== null))
      .output(`${name}.mp4`),
  );
  for (const file of Object.keys(drawing.files)) await rm(join(ffmpeg.folder, file));
}

const seconds = (ms: number): string => (Math.max(0, ms) / 1000).toFixed(6);
