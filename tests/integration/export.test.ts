import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { ExportInput } from '../../main/contract/export.ts';
import { fontSize } from '../../main/export/burn-in.ts';
import { cityText } from '../../main/export/city-time.ts';
import { type Manifest, SignedManifest } from '../../main/export/manifest.ts';
import { verifyExportPath } from '../../main/export/verify-path.ts';
import { difference, greyFrame, greyText } from '../support/export-picture.ts';
import {
  ANN,
  CAMERA,
  type ExportRoom,
  fragmented,
  fragmentedTone,
  fragmentsOf,
  greyFootage,
  openExportRoom,
} from '../support/export-room.ts';
import { testFmp4 } from '../support/fmp4.ts';
import { h265Footage, shortFootage } from '../support/footage.ts';
import { framehash } from '../support/framehash.ts';

const run = promisify(execFile);
const SECOND = 1000;
let source = '';
let mp4: Buffer;
let room: ExportRoom;
/** An hour ago, on a whole second. */
let start = 0;

beforeAll(async () => {
  source = await shortFootage();
  mp4 = await fragmented(source);
});
beforeEach(async () => {
  room = await openExportRoom();
  start = Math.floor(Date.now() / SECOND) * SECOND - 3_600_000;
});
afterEach(() => room.stop());

const order = (from: number, to: number, more: Partial<ExportInput> = {}) =>
  ExportInput.parse({ cameraIds: [CAMERA], from, to, basis: 'КУСП № 7', ...more });

/** Asks, waits, and takes every file out of the finished ZIP by the place that the hub serves it from. */
async function exported(input: ExportInput): Promise<{ id: string; files: string[]; manifest: Manifest }> {
  const { id } = await room.exports.ask(ANN, input);
  const done = await room.ended(id);
  expect(done).toMatchObject({ state: 'done', progress: 1, error: null });
  const zip = readFileSync(room.exports.file(id, ANN.personId, null).path);
  expect(zip.length).toBe(done.archive?.bytes);
  const files = done.files.map(({ name, sha256 }) => {
    const { offset, bytes } = room.exports.file(id, ANN.personId, name);
    const content = zip.subarray(offset, offset + bytes);
    expect(createHash('sha256').update(content).digest('hex')).toBe(sha256);
    writeFileSync(join(room.dir, name), content);
    return join(room.dir, name);
  });
  const text = readFileSync(files.at(-1) ?? '', 'utf8');
  return { id, files, manifest: SignedManifest.parse(JSON.parse(text)).manifest };
}

interface Probe {
  streams: {
    codec_name: string;
    width?: number;
    height?: number;
    nb_read_packets: string;
    duration: string;
  }[];
}
async function probe(file: string): Promise<Probe['streams']> {
  const { stdout } = await run('ffprobe', [
    ...['-v', 'error', '-count_packets', '-of', 'json'],
    ...['-show_entries', 'stream=codec_name,width,height,nb_read_packets,duration', file],
  ]);
  return (JSON.parse(stdout) as Probe).streams;
}
const folders = () => readdirSync(join(room.dir, 'exports'));
const kinds = async () => (await room.audit.page({ limit: 100 })).items.map(({ kind }) => kind).reverse();

test('a marked copy over a gap: every frame bears its own true time, the gap is a card, and all of it is signed', async () => {
  const grey = await greyFootage(6);
  await room.record(grey, start + 0.25 * SECOND, 1);
  await room.record(grey, start + 40 * SECOND, 100);
  const from = start + 3 * SECOND;
  const { id, files, manifest } = await exported(order(from, start + 44 * SECOND));
  const [film = ''] = files;
  // 3.05 s to 6.15 s by tenths, a card of three seconds by tenths, 40.0 s to 43.9 s.
  expect(await probe(film)).toMatchObject([
    { codec_name: 'h264', width: 640, height: 480, nb_read_packets: String(32 + 30 + 40) },
  ]);
  expect((await framehash(film)).complaints).toBe('');

  const size = fontSize(640, 480);
  const area = `620:${size + 8}:4:4`;
  const line = (at: number) => {
    const millis = String(at % SECOND).padStart(3, '0');
    const utc = new Date(at).toISOString().slice(11, 19);
    return `${cityText(at, 3 * 3_600_000)}.${millis} UTC+3 · ${utc}.${millis} UTC`;
  };
  for (const [index, at] of [
    [0, start + 3.05 * SECOND],
    [17, start + 4.75 * SECOND],
    [62, start + 40 * SECOND],
    [62 + 31, start + 43.1 * SECOND],
  ] as const) {
    const shown = await greyFrame(film, index, area);
    const right = difference(shown, await greyText(line(at), size, '640x480', area));
    const wrong = difference(shown, await greyText(line(at + 100), size, '640x480', area));
    expect(right, `frame ${index} shows ${line(at)}`).toBeLessThan(2);
    expect(wrong).toBeGreaterThan(right + 0.2);
  }
  // Below, who took it: nothing was there in the grey picture.
  const below = '300:40:8:430';
  const plain = await greyFrame(film, 5, '300:40:8:250');
  expect(difference(await greyFrame(film, 5, below), plain)).toBeGreaterThan(10);

  expect(manifest).toMatchObject({
    ...{ form: 'marked', id, basis: 'КУСП № 7', person: { name: ANN.name, number: "12'3" } },
    cameras: [{ id: CAMERA, gaps: [{ reason: 'stream-lost' }] }],
  });
  const [camera] = manifest.cameras;
  expect(camera?.gaps).toEqual([
    {
      from: new Date(start + 6.25 * SECOND).toISOString(),
      to: new Date(start + 40 * SECOND).toISOString(),
      reason: 'stream-lost',
    },
  ]);
  for (const segment of camera?.segments ?? []) {
    const stored = await room.recording.segment(CAMERA, 'main', segment.number);
    const bytes = stored && (await room.recording.read(stored));
    expect(
      createHash('sha256')
        .update(bytes ?? '')
        .digest('hex'),
    ).toBe(segment.sha256);
  }
  expect(camera?.segments.length).toBe(4);
  const zip = room.exports.file(id, ANN.personId, null).path;
  const trust = { fingerprint: room.maker.key.fingerprint };
  expect(await verifyExportPath(zip, trust)).toMatchObject({ problems: [], trusted: true });
  const log = await room.audit.page({ limit: 10 });
  expect(log.items.find(({ kind }) => kind === 'export.done')?.data).toMatchObject({
    manifestSha256: createHash('sha256')
      .update(readFileSync(files.at(-1) ?? ''))
      .digest('hex'),
  });
  expect(log.items.find(({ kind }) => kind === 'export.asked')?.data).toMatchObject({
    ...{ cameras: [CAMERA], from, basis: 'КУСП № 7' },
  });
}, 240_000);

test('an untouched copy is bit for bit what was recorded, from the keyframe before, a file for each stretch', async () => {
  await room.record(mp4, start, 1);
  await room.record(mp4, start + 40 * SECOND, 100);
  const { files, manifest } = await exported(
    order(start + 3 * SECOND, start + 45 * SECOND, { original: true }),
  );
  const { frames: recorded } = await framehash(source);
  const hashes = async (file: string) => (await framehash(file)).frames.map(({ hash }) => hash);
  const all = recorded.map(({ hash }) => hash);
  // Keyframes each two seconds of ten frames: the first is at two seconds; the last segment reaches to six.
  expect(await hashes(files[0] ?? '')).toEqual(all.slice(20));
  expect(await hashes(files[1] ?? '')).toEqual(all.slice(0, 60));
  expect(manifest.files.slice(0, 2).map(({ from }) => from)).toEqual([
    new Date(start + 2 * SECOND).toISOString(),
    new Date(start + 40 * SECOND).toISOString(),
  ]);
}, 240_000);

test('sound goes in at its own time, with silence where none was recorded; the untouched sound stays apart', async () => {
  await room.record(mp4, start, 1);
  await room.record(await fragmentedTone(4), start + 5 * SECOND, 1, { sound: true });
  const { files } = await exported(order(start, start + 12 * SECOND, { sound: true }));
  const [video, sound] = await probe(files[0] ?? '');
  expect(video?.codec_name).toBe('h264');
  expect(sound?.codec_name).toBe('aac');
  const { stderr } = await run('ffmpeg', [
    ...['-nostdin', '-i', files[0] ?? '', '-vn', '-af', 'silencedetect=noise=-50dB:d=1', '-f', 'null', '-'],
  ]);
  const told = (what: string) =>
    [...stderr.matchAll(new RegExp(`silence_${what}: (-?[\\d.]+)`, 'g'))].map(([, at]) =>
      Math.round(Number(at)),
    );
  expect(told('end')[0]).toBe(5);
  expect(told('start')[1]).toBe(9);
  const apart = await exported(order(start, start + 12 * SECOND, { sound: true, original: true }));
  expect(apart.files.map((file) => file.split('.').at(-1))).toEqual(['mp4', 'm4a', 'txt', 'json']);
  expect(await probe(apart.files[0] ?? '')).toHaveLength(1);
}, 240_000);

test('of H.265 the marked copy is H.264 that everything plays, the untouched one as it was recorded', async () => {
  await room.record(await fragmented(await h265Footage(), ['-tag:v', 'hvc1']), start, 1);
  const range = [start, start + 4 * SECOND] as const;
  const marked = await exported(order(...range));
  expect((await probe(marked.files[0] ?? ''))[0]?.codec_name).toBe('h264');
  const untouched = await exported(order(...range, { original: true }));
  expect((await probe(untouched.files[0] ?? ''))[0]?.codec_name).toBe('hevc');
}, 240_000);

test('a right that ends while it is made ends it, and nothing is kept', async () => {
  await room.record(mp4, start, 1);
  const stop = room.bus.on('job.changed', () => {
    if (room.denied.size > 0) return;
    room.denied.add('video.export');
    room.bus.emit('rights.changed', { personIds: [ANN.personId] });
  });
  const { id } = await room.exports.ask(ANN, order(start, start + 12 * SECOND));
  const ended = await room.ended(id);
  stop();
  expect(ended).toMatchObject({ state: 'failed', error: { code: 'export-right-ended' }, archive: null });
  expect(folders()).toEqual([]);
  expect(await kinds()).toEqual(['export.asked', 'export.failed']);
  expect(() => room.exports.file(id, ANN.personId, null)).toThrow(/no finished export/);
}, 240_000);

test('cancelled, while it runs or waits, it leaves nothing; another person cannot even see it', async () => {
  await room.record(mp4, start, 1);
  const running = await room.exports.ask(ANN, order(start, start + 12 * SECOND));
  const waiting = await room.exports.ask(ANN, order(start, start + 12 * SECOND));
  expect(waiting).toMatchObject({ state: 'waiting', ahead: 1 });
  expect(() => room.exports.get(running.id, 'bob')).toThrow(/There is no export/);
  await expect(room.exports.end(running.id, { ...ANN, personId: 'bob' })).rejects.toThrow(/no export/);
  await room.exports.end(waiting.id, ANN);
  await room.exports.end(running.id, ANN);
  expect(room.exports.list(ANN.personId).map(({ state }) => state)).toEqual(['cancelled', 'cancelled']);
  expect(folders()).toEqual([]);
  expect((await kinds()).filter((kind) => kind === 'export.cancelled')).toHaveLength(2);
  await room.exports.end(running.id, ANN);
  expect(room.exports.list(ANN.personId)).toHaveLength(1);
}, 240_000);

test('a restart in the middle makes it anew, and what was ready stays ready', async () => {
  await room.record(mp4, start, 1);
  const ready = await exported(order(start, start + 4 * SECOND));
  const begun = new Promise((resolve) => room.bus.on('job.changed', resolve));
  const { id } = await room.exports.ask(ANN, order(start, start + 12 * SECOND));
  await begun;
  await room.reopen();
  expect(await room.ended(id)).toMatchObject({ state: 'done' });
  for (const one of [id, ready.id]) {
    const { path } = room.exports.file(one, ANN.personId, null);
    const verdict = await verifyExportPath(path, { fingerprint: room.maker.key.fingerprint });
    expect(verdict.problems).toEqual([]);
  }
  expect(folders().sort()).toEqual([id, ready.id].sort());
}, 240_000);

test('what does not fit, or is not there, is refused before it is begun', async () => {
  await room.record(mp4, start, 1);
  await room.stop();
  room = await openExportRoom({ quotaBytes: 100_000 });
  await room.record(mp4, start, 1);
  const asked = room.exports.ask(ANN, order(start, start + 12 * SECOND));
  await expect(asked).rejects.toMatchObject({ code: 'export-no-room' });
  const nothing = room.exports.ask(ANN, order(start + 60 * SECOND, start + 90 * SECOND));
  await expect(nothing).rejects.toMatchObject({ code: 'no-footage' });
  const backwards = room.exports.ask(ANN, order(start + 60 * SECOND, start));
  await expect(backwards).rejects.toMatchObject({ code: 'bad-range' });
  const endless = room.exports.ask(ANN, order(start - 86_400_000, start));
  await expect(endless).rejects.toMatchObject({ code: 'export-too-long' });
  expect(await kinds()).toEqual([]);
  expect(folders()).toEqual([]);
}, 240_000);

test('a result is kept for its days and not longer; what else lies in the folder is left alone', async () => {
  await room.record(mp4, start, 1);
  const { id } = await exported(order(start, start + 4 * SECOND));
  writeFileSync(join(room.dir, 'exports', 'not-ours.txt'), 'x');
  const kept = room.exports.get(id, ANN.personId).keptUntil ?? 0;
  room.skip(kept - Date.now() - 60 * SECOND);
  await room.exports.clean();
  expect(folders().sort()).toEqual([id, 'not-ours.txt'].sort());
  room.skip(120 * SECOND);
  await room.exports.clean();
  await room.reopen();
  expect(folders()).toEqual(['not-ours.txt']);
  expect(room.exports.list(ANN.personId)).toEqual([]);
}, 240_000);

test('of a camera with a frame a second, a moment between two frames is nothing', async () => {
  await room.record(await testFmp4({ seconds: 8, fps: 1, gop: 2 }), start, 1);
  const { id } = await room.exports.ask(ANN, order(start + 3.2 * SECOND, start + 3.8 * SECOND));
  expect(await room.ended(id)).toMatchObject({ state: 'failed', error: { code: 'no-footage' } });
  const { files } = await exported(order(start + 3.2 * SECOND, start + 6 * SECOND));
  expect((await probe(files[0] ?? ''))[0]?.nb_read_packets).toBe('2');
}, 240_000);

test('an encoder that cannot be had fails the export with its reason and leaves nothing', async () => {
  await room.stop();
  room = await openExportRoom({ ffmpegPath: '/nowhere/ffmpeg' });
  await room.record(mp4, start, 1);
  const { id } = await room.exports.ask(ANN, order(start, start + 4 * SECOND));
  expect(await room.ended(id)).toMatchObject({ state: 'failed', error: { code: 'export-encoder' } });
  expect(folders()).toEqual([]);
}, 240_000);

test('a snapshot is the frame that was shown then, marked and signed', async () => {
  const grey = await greyFootage(6);
  await room.record(grey, start, 1);
  const at = start + 3.46 * SECOND;
  const person = { id: 'ann', login: 'ann', name: ANN.name, unit: '', number: '7' };
  const take = (original: boolean, when: number | null = at) =>
    room.snapshots.take(
      {
        ...{ id: 'snapshot-1', camera: { id: CAMERA, name: 'Двор', address: '' }, person, at: when },
        ...{ original, basis: '', language: 'ru' },
      },
      new AbortController().signal,
    );
  const { jpeg, frameTime } = await take(false);
  expect(frameTime).toBe(start + 3.4 * SECOND);
  const file = join(room.dir, 'saved.jpg');
  writeFileSync(file, jpeg);
  const trust = { fingerprint: room.maker.key.fingerprint };
  expect(await verifyExportPath(file, trust)).toMatchObject({ problems: [], trusted: true });
  const size = fontSize(640, 480);
  const area = `620:${size + 8}:4:4`;
  const text = `${cityText(frameTime, 3 * 3_600_000)}.400 UTC+3 · ${new Date(frameTime).toISOString().slice(11, 19)}.400 UTC`;
  const expected = await greyText(text, size, '640x480', area);
  expect(difference(await greyFrame(file, 0, area), expected)).toBeLessThan(3);
  writeFileSync(file, (await take(true)).jpeg);
  expect(difference(await greyFrame(file, 0, area), expected)).toBeGreaterThan(10);
  expect(await verifyExportPath(file, trust)).toMatchObject({
    problems: [],
    manifest: { kind: 'snapshot', form: 'original' },
  });
  await expect(take(false, start - 60 * SECOND)).rejects.toMatchObject({ code: 'no-picture' });
  // Live: the newest frame of the group of pictures that is still coming, nothing of it recorded yet.
  const [init, ...boxes] = fragmentsOf(grey);
  room.live = { init: init ?? Buffer.alloc(0), fragments: boxes.slice(0, 15), startMs: Date.now() - 1500 };
  const live = await take(false, null);
  expect(live.frameTime - room.live.startMs).toBeCloseTo(1400);
  writeFileSync(file, live.jpeg);
  expect(await verifyExportPath(file, trust)).toMatchObject({
    problems: [],
    manifest: { cameras: [{ segments: [] }] },
  });
}, 240_000);
