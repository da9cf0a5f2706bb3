import { beforeAll, expect, test } from 'vitest';
import { testFmp4 } from '../../tests/support/fmp4.ts';
import { readFragment, setFragmentTimes } from '../recording/fragment.ts';
import { type InitSegment, readInitSegment, UnsupportedTrack } from '../recording/init-segment.ts';
import { boxesIn, MalformedMp4 } from '../recording/mp4-boxes.ts';
import { PRFT_BYTES, readPrft, writePrft } from '../recording/prft.ts';
import { createFmp4Reader } from './fmp4-reader.ts';
import { readSps } from './h264.ts';
import { formatDiffers, parameterSetsOf, withCommonName, withParameterSets } from './parameter-sets.ts';
import { decodePicture } from './picture.ts';

let mp4: Buffer;
beforeAll(async () => {
  mp4 = await testFmp4();
});

function read(bytes: Buffer, chunk: number) {
  const inits: Buffer[] = [];
  const fragments: { bytes: Buffer; moofBytes: number }[] = [];
  const reader = createFmp4Reader({
    init: (found) => inits.push(found),
    fragment: (found, moofBytes) => fragments.push({ bytes: Buffer.from(found), moofBytes }),
  });
  for (let at = 0; at < bytes.length; at += chunk) reader.push(bytes.subarray(at, at + chunk));
  return { inits, fragments };
}

const initOf = (bytes: Buffer): InitSegment => {
  const [init] = read(bytes, bytes.length).inits;
  if (!init) throw new Error('no init');
  return readInitSegment(init);
};

test.each([1, 7, 1000, 1 << 20])('read in pieces of %d bytes, the same fragments come out', (chunk) => {
  const { inits, fragments } = read(mp4, chunk);
  expect(inits).toHaveLength(1);
  expect(fragments).toHaveLength(40);
  expect(Buffer.concat([...inits, ...fragments.map((fragment) => fragment.bytes)]).equals(mp4)).toBe(true);
});

test('each fragment tells its time, its length and whether a decoder can begin there', () => {
  const init = initOf(mp4);
  expect(init).toMatchObject({ width: 320, height: 240, nalLengthBytes: 4 });
  expect(init.codec).toMatch(/^avc1\.4d[0-9a-f]{4}$/);
  const infos = read(mp4, 4096).fragments.map(({ bytes, moofBytes }) =>
    readFragment(bytes.subarray(0, moofBytes)),
  );
  const tick = init.timescale / 10;
  expect(infos.map((info) => info.decodeTime)).toEqual([...Array(40).keys()].map((i) => i * tick));
  expect(infos.every((info) => info.duration === tick && info.frames === 1)).toBe(true);
  expect(infos.flatMap((info, i) => (info.keyframe ? [i] : []))).toEqual([0, 20]);
});

test('times written into a fragment are read back, and nothing else changes', () => {
  const [fragment] = read(mp4, 4096).fragments;
  if (!fragment) throw new Error('no fragment');
  const moof = Buffer.from(fragment.bytes.subarray(0, fragment.moofBytes));
  const before = readFragment(moof);
  expect(setFragmentTimes(moof, 123_456, 789)).toBe(true);
  expect(readFragment(moof)).toEqual({ ...before, decodeTime: 123_456, duration: 789 });
});

test('nonsense is refused, not waited for', () => {
  const huge = Buffer.alloc(16);
  huge.writeUInt32BE(0x7fff_ffff, 0);
  huge.write('mdat', 4);
  expect(() => read(huge, 16)).toThrow(MalformedMp4);
  const tiny = Buffer.from([0, 0, 0, 4, 0x6d, 0x6f, 0x6f, 0x66]);
  expect(() => read(tiny, 8)).toThrow(MalformedMp4);
  expect(() => [...boxesIn(mp4.subarray(0, mp4.length - 3))]).toThrow(MalformedMp4);
  expect(() => readFragment(Buffer.from([0, 0, 0, 8, 0x6d, 0x6f, 0x6f, 0x66]))).toThrow(MalformedMp4);
});

test('another codec is named', () => {
  const other = Buffer.from(read(mp4, 4096).inits[0] ?? Buffer.alloc(0));
  other.write('av01', other.indexOf('avc1', other.indexOf('stsd')));
  expect(() => readInitSegment(other)).toThrow(UnsupportedTrack);
});

test('a producer reference time keeps its millisecond and its media time', () => {
  const utcMs = Date.UTC(2026, 10, 22, 3, 4, 5, 678);
  const box = Buffer.alloc(PRFT_BYTES);
  writePrft(box, 0, 1, utcMs, 987_654_321_012);
  const [found] = boxesIn(box);
  if (!found) throw new Error('no box');
  expect(found.type).toBe('prft');
  const back = readPrft(box, found);
  expect(back?.utcMs).toBeCloseTo(utcMs, 3);
  expect(back?.mediaTime).toBe(987_654_321_012);
});

test.each([
  ['640x360', 'high'],
  ['322x242', 'baseline'],
  ['1920x1080', 'high'],
])('a header made from the parameter sets of %s %s equals that of its own stream', async (size, profile) => {
  const changed = await testFmp4({ size, profile, seconds: 0.5 });
  const before = initOf(mp4);
  const after = initOf(changed);
  expect(formatDiffers(before, parameterSetsOf(before))).toBe(false);
  expect(formatDiffers(before, parameterSetsOf(after))).toBe(true);
  const made = withParameterSets(before, parameterSetsOf(after));
  const [width, height] = size.split('x').map(Number);
  expect(made).toMatchObject({ codec: after.codec, width, height, timescale: before.timescale });
  expect(made.hash).not.toBe(before.hash);
  expect(
    made.bytes
      .subarray(made.config.start, made.config.end)
      .equals(after.bytes.subarray(after.config.start, after.config.end)),
  ).toBe(true);
  expect(readSps(parameterSetsOf(after).sps[0] ?? Buffer.alloc(0))).toMatchObject({ width, height });
  // A foreign decoder takes it.
  const [first] = read(changed, 4096).fragments;
  const jpeg = await decodePicture('ffmpeg', Buffer.concat([made.bytes, first?.bytes ?? Buffer.alloc(0)]));
  expect(jpeg.subarray(0, 2).toString('hex')).toBe('ffd8');
});

test('a broken parameter set is refused', () => {
  expect(() => readSps(Buffer.from([0x67, 100, 0, 31]))).toThrow(MalformedMp4);
});

test('an H.265 header made from parameter sets that came with the pictures equals that of its own stream', async () => {
  const before = await h265Init('320x240');
  const after = await h265Init('642x362');
  expect(before.codec).toMatch(/^hvc1\.1\.6\.L\d+\.90$/);
  const sets = parameterSetsOf(after);
  expect([sets.vps, sets.sps, sets.pps].map((all) => all.length)).toEqual([1, 1, 1]);
  expect(formatDiffers(before, parameterSetsOf(before))).toBe(false);
  expect(formatDiffers(before, sets)).toBe(true);
  const made = withParameterSets(before, sets);
  expect(made).toMatchObject({ coding: 'h265', codec: after.codec, width: 642, height: 362 });
  expect(parameterSetsOf(made)).toEqual(sets);
});

/** Of a stream that ffmpeg names `hev1`. */
async function h265Init(size: string) {
  const { inits } = read(await testFmp4({ size, seconds: 0.5, encoder: 'libx265' }), 4096);
  return readInitSegment(withCommonName(inits[0] ?? Buffer.alloc(0)));
}
