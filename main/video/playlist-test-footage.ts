import type { InitSegment } from '../recording/init-segment.ts';
import type { FileSpan } from '../recording/types.ts';
import type { LiveTail } from './live-tail.ts';

export const init = (hash: string): InitSegment => ({
  ...{ hash, bytes: Buffer.from(hash), codec: 'avc1.4d401f', width: 768, height: 576, timescale: 90_000 },
  ...{ trackId: 1, coding: 'h264', config: { start: 0, end: 0 }, nalLengthBytes: 4 },
});
export const START = Date.UTC(2026, 0, 15, 9);

/** Two-second segments of ten parts. Stops in the middle of the last when `parts` is given. */
export function fill(
  tail: LiveTail,
  firstMsn: number,
  count: number,
  startMs: number,
  lastParts = 10,
): number {
  let now = startMs;
  for (let s = 0; s < count; s++) {
    const parts = s === count - 1 ? lastParts : 10;
    for (let p = 0; p < parts; p++) {
      const msn = firstMsn + s;
      tail.part(
        {
          msn,
          index: p,
          bytes: Buffer.from(`${msn}.${p}`),
          startMs: now,
          durationUs: 200_000,
          independent: p === 0,
        },
        now + 200,
      );
      now += 200;
    }
    if (parts === 10) tail.segmentEnded(firstMsn + s);
  }
  return now;
}

/** A file of two segments. */
export const span = (
  firstMsn: number,
  startMs: number,
  hash: string,
  breakBefore: FileSpan['breakBefore'],
): FileSpan => ({
  startMs,
  endMs: startMs + 4_000,
  breakBefore,
  initHash: hash,
  disk: 1,
  segments: [0, 1].map((i) => ({
    ...{ msn: firstMsn + i, startMs: startMs + i * 2_000, durationUs: 2_000_000, independent: true },
    ...{ disk: 1, path: 'x', offset: 0, bytes: 1, initHash: hash },
  })),
});
