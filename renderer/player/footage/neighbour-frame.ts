import type { FootageIndex } from './footage-index.ts';
import type { FootageStore } from './footage-store.ts';
import type { Segment } from './playlist.ts';

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
 * The frame before (-1) or after (1) the one shown at `utc`, across segments and hours; undefined where the footage
 * ends. @throws HubError
 */
export async function neighbourFrame(
  { index, store }: { index: FootageIndex; store: FootageStore },
  utc: number,
  direction: 1 | -1,
): Promise<TimedFrame | undefined> {
  await index.ensure(utc);
  const segment = index.at(utc + 1) ?? (direction === 1 ? index.after(utc) : index.before(utc));
  if (!segment) return undefined;
  const frames = await framesOf(segment, store);
  const current = frames.reduce(
    (best, frame, at) => (Math.abs(frame.utc - utc) < Math.abs((frames[best]?.utc ?? 0) - utc) ? at : best),
    0,
  );
  const found = frames[current + direction];
  if (found) return found;
  const edge = direction === 1 ? segment.utc + segment.ms : segment.utc - 1;
  await index.ensure(edge);
  const beside = direction === 1 ? index.after(segment.utc) : index.before(segment.utc);
  return beside && (await framesOf(beside, store)).at(direction === 1 ? 0 : -1);
}
