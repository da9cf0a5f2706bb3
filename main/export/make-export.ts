import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../base/errors.ts';
import type { CityTime } from './city-time.ts';
import type { ExportRecord, ExportResult } from './export-table.ts';
import type { Ffmpeg } from './ffmpeg-run.ts';
import { bytesOf, type CameraPlan, type Footage, planCamera } from './footage-range.ts';
import { sha256OfFile } from './hash.ts';
import { isoTime, MANIFEST_FILE, type Manifest, signManifest } from './manifest.ts';
import { makeMarkedCopy, placeFont } from './marked-copy.ts';
import { NOTE_FILE, noteText } from './note.ts';
import { makeOriginalCopy } from './original-copy.ts';
import { endOf, footageMs, type Run } from './plan.ts';
import type { ExportKey } from './signing.ts';
import { createSource, type Source } from './source.ts';
import type { ExportCamera, Person } from './types.ts';
import { personLine, words } from './words.ts';
import { writeZip, zipPlaces } from './zip.ts';

export interface HubFacts {
  id: string;
  version: string;
  city: string;
  timeZone: string;
}

export interface ExportMaker {
  footage: Footage;
  ffmpegPath: string;
  key: ExportKey;
  hub: HubFacts;
  cityTime: CityTime;
  now(): number;
}

/** A finished file of one camera, before it is hashed. */
interface Made {
  name: string;
  cameraId: string;
  from: number;
  to: number;
}

/** The finished ZIP in an export's folder. */
export const ZIP_FILE = 'export.zip';

/**
 * Makes the copies of one export, their manifest and the ZIP of it all in `folder`, which holds nothing else
 * afterwards. Ended by `signal` it rejects; the folder is then the caller's to remove.
 * @throws AppError `no-footage`, `export-footage-gone`, `export-encoder`, `export-disk-full`
 */
export async function makeExport(
  maker: ExportMaker,
  record: ExportRecord,
  person: Person,
  folder: string,
  signal: AbortSignal,
  progress: (share: number) => void,
): Promise<ExportResult> {
  const { request } = record;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await maker.footage.flush();
  const plans: { camera: ExportCamera; plan: CameraPlan }[] = [];
  for (const camera of request.cameras) {
    const plan = await planCamera(
      maker.footage,
      maker.cityTime,
      maker.now(),
      camera.id,
      request.from,
      request.to,
    );
    plans.push({ camera, plan });
  }
  const total = plans.reduce((sum, { plan }) => sum + workOf(plan, request.original), 0);
  if (total === 0) throw new AppError('no-footage', 404, 'Nothing was recorded in this range.');
  if (!request.original) await placeFont(folder);

  const ffmpeg: Ffmpeg = { path: maker.ffmpegPath, folder, signal };
  const made: Made[] = [];
  const cameras: Manifest['cameras'] = [];
  let done = 0;
  for (const [index, { camera, plan }] of plans.entries()) {
    if (plan.runs.length > 0 || plan.pieces.some(({ kind }) => kind === 'footage')) {
      const source = createSource(maker.footage, camera.id);
      const onProgress = (part: number) => progress((done + part) / total);
      const files = request.original
        ? await originalFiles(ffmpeg, source, camera, index, plan, request.sound, onProgress)
        : await markedFile(maker, ffmpeg, source, camera, index, plan, record, person, onProgress);
      made.push(...files);
      done += workOf(plan, request.original);
      cameras.push(cameraFacts(camera, plan, source));
    } else cameras.push(cameraFacts(camera, plan, createSource(maker.footage, camera.id)));
  }
  await writeFile(join(folder, NOTE_FILE), noteText(request.language, record.id, maker.key.fingerprint), {
    mode: 0o600,
  });
  return packed(maker, record, person, folder, signal, made, cameras);
}

/** How much there is to do: milliseconds to encode, or bytes to copy. */
const workOf = ({ pieces, runs, sound }: CameraPlan, original: boolean): number =>
  original ? bytesOf(runs) + bytesOf(sound) : footageMs(pieces);

async function markedFile(
  maker: ExportMaker,
  ffmpeg: Ffmpeg,
  source: Source,
  camera: ExportCamera,
  index: number,
  plan: CameraPlan,
  { id, request }: ExportRecord,
  person: Person,
  onProgress: (ms: number) => void,
): Promise<Made[]> {
  if (!plan.pieces.some(({ kind }) => kind === 'footage')) return [];
  const name = fileName(index, camera.id, request.from, 'mp4');
  await makeMarkedCopy({
    ffmpeg,
    source,
    pieces: plan.pieces,
    sound: request.sound ? plan.sound : null,
    cityTime: maker.cityTime,
    camera: camera.name,
    person: personLine(person, request.language),
    copy: `${words[request.language].export} ${id.slice(-8)}`,
    language: request.language,
    file: name,
    onProgress,
  });
  return [{ name, cameraId: camera.id, from: request.from, to: request.to }];
}

async function originalFiles(
  ffmpeg: Ffmpeg,
  source: Source,
  camera: ExportCamera,
  index: number,
  plan: CameraPlan,
  withSound: boolean,
  onProgress: (bytes: number) => void,
): Promise<Made[]> {
  const made: Made[] = [];
  let read = 0;
  const copy = async (track: 'main' | 'sound', run: Run) => {
    const from = run.segments[0]?.startMs ?? 0;
    const to = Math.max(...run.segments.map(endOf));
    const name = fileName(index, camera.id, from, track === 'main' ? 'mp4' : 'm4a');
    await makeOriginalCopy(ffmpeg, source, track, run, name, (bytes) => {
      read += bytes;
      onProgress(read);
    });
    made.push({ name, cameraId: camera.id, from, to });
  };
  for (const run of plan.runs) await copy('main', run);
  if (withSound) for (const run of plan.sound) await copy('sound', run);
  return made;
}

/** `1_camera-7_20261122T110510.123Z.mp4`: ASCII, sorted by camera and time, none twice. */
const fileName = (index: number, cameraId: string, fromMs: number, ending: string): string =>
  `${index + 1}_${cameraId}_${isoTime(fromMs).replace(/[:-]/g, '')}.${ending}`;

function cameraFacts(
  camera: ExportCamera,
  { pieces }: CameraPlan,
  source: Source,
): Manifest['cameras'][number] {
  const range = ({ from, to }: { from: number; to: number }) => ({ from: isoTime(from), to: isoTime(to) });
  return {
    ...camera,
    covered: pieces.filter(({ kind }) => kind === 'footage').map(range),
    gaps: pieces.flatMap((piece) =>
      piece.kind === 'gap' ? [{ ...range(piece), reason: piece.reason }] : [],
    ),
    segments: source.used().map(({ track, msn, startMs, durationUs, bytes, sha256 }) => ({
      track,
      number: msn,
      start: isoTime(startMs),
      durationUs,
      bytes,
      sha256,
    })),
  };
}

async function packed(
  maker: ExportMaker,
  { id, askedAt, request }: ExportRecord,
  person: Person,
  folder: string,
  signal: AbortSignal,
  made: readonly Made[],
  cameras: Manifest['cameras'],
): Promise<ExportResult> {
  const listed = [...made, { name: NOTE_FILE, cameraId: null, from: null, to: null }];
  const files: Manifest['files'] = [];
  for (const { name, cameraId, from, to } of listed) {
    signal.throwIfAborted();
    files.push({
      ...{ name, cameraId },
      from: from === null ? null : isoTime(from),
      to: to === null ? null : isoTime(to),
      ...(await sha256OfFile(join(folder, name))),
    });
  }
  const madeAt = maker.now();
  const { text, sha256 } = signManifest(maker.key, {
    ...{ v: 1, kind: 'video', id, hub: maker.hub, person, basis: request.basis },
    ...{ askedAt: isoTime(askedAt), madeAt: isoTime(madeAt) },
    ...{ form: request.original ? 'original' : 'marked', sound: request.sound },
    asked: { from: isoTime(request.from), to: isoTime(request.to) },
    ...{ cameras, files },
  });
  await writeFile(join(folder, MANIFEST_FILE), text, { mode: 0o600 });
  const names = [...files.map(({ name }) => name), MANIFEST_FILE];
  const zip = join(folder, ZIP_FILE);
  await writeZip(
    zip,
    names.map((name) => ({ name, path: join(folder, name) })),
    new Date(madeAt),
    signal,
  );
  const places = await zipPlaces(zip);
  for (const name of await readdir(folder)) if (name !== ZIP_FILE) await rm(join(folder, name));
  const { size: bytes } = await stat(zip);
  const manifest = { name: MANIFEST_FILE, cameraId: null, sha256, bytes: Buffer.byteLength(text) };
  return {
    archive: { name: `kalancha-${isoTime(request.from).slice(0, 10)}-${id.slice(-8)}.zip`, bytes },
    files: [...files, manifest].map(({ name, cameraId, sha256: hash, bytes: size }) => ({
      ...{ name, cameraId, sha256: hash, bytes: size },
      offset: places.get(name)?.offset ?? 0,
    })),
    manifestSha256: sha256,
  };
}
