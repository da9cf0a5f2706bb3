import type { FootageIndex } from './footage-index.ts';
import type { FootageStore } from './footage-store.ts';
import { type Segment, segmentEnd } from './playlist.ts';

export interface TimedFrame {
  /** True time, UTC ms. */
  readonly utc: number;
  readonly ms: number;
}

/** Every frame of a segment with its true time, in the order of showing. */
export async function framesOf(segment: Segment, store: FootageStore): Promise<TimedFrame[]> {
  const [init, { frames, decodeTime }] = await Promise.all([
    store.init(segment.init),
    store.segment(segment, new AbortController().signal),
  ]);
  return frames
    .map(({ time, duration }) => ({
      utc: segment.utc + ((time - decodeTime) / init.timescale) * 1000,
      ms: (duration / init.timescale) * 1000,
    }))
    .sort((a, b) => a.utc - b.utc);
}

/**
 * The frame before (-1) or after (1) the one that holds `utc`, across segments and hours; undefined where the footage
 * ends. @throws HubError
 */
export async function neighbourFrame(
  { index, store }: { index: FootageIndex; store: FootageStore },
  utc: number,
  direction: 1 | -1,
): Promise<TimedFrame | undefined> {
  await index.ensure(utc);
  const segment = index.at(utc);
  if (segment) {
    const frames = await framesOf(segment, store);
    const current = frames.findLastIndex((frame) => frame.utc <= utc);
    const found = frames[Math.max(0, current) + direction];
    if (found) return found;
  }
  const edge = segment ? (direction === 1 ? segmentEnd(segment) : segment.utc - 1) : utc;
  await index.ensure(edge);
  const beside = direction === 1 ? index.after(segment?.utc ?? utc) : index.before(segment?.utc ?? utc);
  return beside && (await framesOf(beside, store)).at(direction === 1 ? 0 : -1);
}
