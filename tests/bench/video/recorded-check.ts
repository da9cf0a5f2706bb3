import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { parseFilePath } from '../../../main/recording/file-path.ts';
import { readFragment } from '../../../main/recording/fragment.ts';
import { type Box, boxAt } from '../../../main/recording/mp4-boxes.ts';
import { createFmp4Reader } from '../../../main/video/fmp4-reader.ts';

/** What was recorded of one camera, held against what the server sent. */
export interface RecordedCheck {
  frames: number;
  /** Their durations together, in ticks of the track. */
  ticks: number;
  /** Frames that the server sent between the first and the last one recorded and that are not there. */
  lost: number;
  /** Frames that the server never sent, or that came twice or out of order. */
  foreign: number;
  /** Places where a segment's number or a frame's decode time does not follow the one before. */
  breaks: number;
}

/** The coded slices of a frame, without what servers add or leave out in front of them (parameter sets, delimiters). */
function sliceSum(sample: Buffer): number {
  let sum = 0;
  for (let at = 0; at + 4 < sample.length; ) {
    const size = sample.readUInt32BE(at);
    const type = (sample[at + 4] ?? 0) & 31;
    if (type >= 1 && type <= 5) sum = crc32(sample.subarray(at + 4, at + 4 + size), sum);
    at += 4 + size;
  }
  return sum;
}

/** Sums of all frames of a fragmented MP4, in the order in which a server sends them. */
export async function framesOf(fragmented: Buffer): Promise<number[]> {
  const sums: number[] = [];
  createFmp4Reader({
    init: () => undefined,
    fragment: (bytes, moofBytes) => sums.push(sliceSum(bytes.subarray(moofBytes + 8))),
  }).push(fragmented);
  return sums;
}

/** Reads every file of a camera and follows its frames through what was sent: `sent` repeats itself for ever. */
export async function checkRecorded(
  folder: string,
  cameraNum: number,
  sent: readonly number[],
): Promise<RecordedCheck> {
  const result: RecordedCheck = { frames: 0, ticks: 0, lost: 0, foreign: 0, breaks: 0 };
  const places = new Map(sent.map((sum, place) => [sum, place]));
  const files = (await readdir(join(folder, String(cameraNum)), { recursive: true }))
    .map((name) => join(String(cameraNum), name))
    .flatMap((path) => {
      const parsed = parseFilePath(path);
      return parsed?.track === 'main' ? [{ path, firstMsn: parsed.firstMsn }] : [];
    })
    .sort((a, b) => a.firstMsn - b.firstMsn);
  let place: number | undefined;
  let nextTime: number | undefined;
  for (const { path } of files)
    for await (const { moof, sample } of fragmentsOf(join(folder, path))) {
      const { decodeTime, duration } = readFragment(moof);
      if (nextTime !== undefined && decodeTime !== nextTime) result.breaks += 1;
      nextTime = decodeTime + duration;
      result.frames += 1;
      result.ticks += duration;
      const found = places.get(sliceSum(sample));
      if (found === undefined) {
        result.foreign += 1;
        continue;
      }
      if (place !== undefined) {
        const skipped = (found - place - 1 + sent.length) % sent.length;
        // More than half a round ahead is behind.
        if (skipped < sent.length / 2) result.lost += skipped;
        else result.foreign += 1;
      }
      place = found;
    }
  return result;
}

async function* fragmentsOf(path: string): AsyncGenerator<{ moof: Buffer; sample: Buffer }> {
  const handle = await open(path, 'r');
  try {
    const bytes = await handle.readFile();
    let moof: Buffer | undefined;
    for (const box of wholeBoxes(bytes)) {
      if (box.type === 'moof') moof = bytes.subarray(box.start, box.end);
      if (box.type === 'mdat' && moof) yield { moof, sample: bytes.subarray(box.body, box.end) };
    }
  } finally {
    await handle.close();
  }
}

/** Boxes up to the first that is not complete: the hub may still write behind it. */
function* wholeBoxes(bytes: Buffer): Generator<Box> {
  for (let at = 0; ; ) {
    const box = boxAt(bytes, at);
    if (!box || box.end > bytes.length) return;
    yield box;
    at = box.end;
  }
}
