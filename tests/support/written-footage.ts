import { readFragment } from '../../main/recording/fragment.ts';
import type { InitSegment } from '../../main/recording/init-segment.ts';
import { readInitSegment } from '../../main/recording/init-segment.ts';
import type { ArchiveWriter, BreakReason } from '../../main/recording/types.ts';
import { createCutter } from '../../main/video/cutter.ts';
import { createFmp4Reader } from '../../main/video/fmp4-reader.ts';

/** Feeds fragmented MP4 to an archive writer the way a session does, its first frame taken at `startMs`. */
export function writeFootage(
  writer: ArchiveWriter,
  mp4: Buffer,
  startMs: number,
  firstMsn: number,
  reason: BreakReason = 'hub-stopped',
): InitSegment {
  let init: InitSegment | undefined;
  let cutter: ReturnType<typeof createCutter> | undefined;
  let msn = firstMsn - 1;
  const reader = createFmp4Reader({
    init(bytes) {
      const found = readInitSegment(bytes);
      init = found;
      writer.begin(found, reason);
      cutter = createCutter({
        timescale: found.timescale,
        trackId: found.trackId,
        partTargetS: 0.22,
        framesPerPart: 2,
        nextMsn: () => ++msn,
        sink: {
          fragment: () => undefined,
          part: (part) => writer.part({ ...part, first: part.index === 0 }),
          segmentEnded: (ended) => writer.endSegment(ended),
        },
      });
    },
    fragment(bytes, moofBytes) {
      const info = readFragment(bytes.subarray(0, moofBytes));
      const utcMs = startMs + (info.decodeTime / (init?.timescale ?? 1)) * 1000;
      cutter?.frame({ bytes, ...info, utcMs });
    },
  });
  reader.push(mp4);
  cutter?.end();
  if (!init) throw new Error('the footage has no header');
  return init;
}
