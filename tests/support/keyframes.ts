import { readFile } from 'node:fs/promises';
import { decodeKeyframes } from '../../main/pictures/decode.ts';
import type { Grey } from '../../main/pictures/grey.ts';
import { annexB, type Keyframe } from '../../main/pictures/keyframe.ts';
import { readFragment } from '../../main/recording/fragment.ts';
import { type InitSegment, readInitSegment } from '../../main/recording/init-segment.ts';
import { createFmp4Reader } from '../../main/video/fmp4-reader.ts';

/** Every keyframe of a fragmented MP4. */
export async function keyframesOf(file: string): Promise<Keyframe[]> {
  const keyframes: Keyframe[] = [];
  let init: InitSegment | undefined;
  createFmp4Reader({
    init(bytes) {
      init = readInitSegment(bytes);
    },
    fragment(bytes, moofBytes) {
      const { keyframe, decodeTime } = readFragment(bytes.subarray(0, moofBytes));
      if (init && keyframe) keyframes.push({ init, bytes, at: (decodeTime / init.timescale) * 1000 });
    },
  }).push(await readFile(file));
  return keyframes;
}

/** The pictures of a fragmented MP4's keyframes, as the hub looks at them. */
export async function picturesOf(file: string): Promise<Grey[]> {
  const keyframes = await keyframesOf(file);
  const { pictures } = await decodeKeyframes('ffmpeg', 'h264', keyframes.map(annexB));
  return pictures.flatMap((picture) => picture ?? []);
}
