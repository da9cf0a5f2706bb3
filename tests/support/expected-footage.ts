import type { ArchiveWriter } from '../../main/recording/types.ts';
import { writeFootage } from './written-footage.ts';

/** The parts of each segment that `writeFootage` hands over with the same arguments, by sequence number. */
export function expectedFootage(mp4: Buffer, startMs: number, firstMsn: number): Map<number, Buffer[]> {
  const segments = new Map<number, Buffer[]>();
  const collector: ArchiveWriter = {
    begin: () => undefined,
    part(part) {
      segments.set(part.msn, [...(segments.get(part.msn) ?? []), part.bytes]);
    },
    endSegment: () => undefined,
    close: async () => undefined,
  };
  writeFootage(collector, mp4, startMs, firstMsn);
  return segments;
}

/** How many whole parts of a segment `served` is; undefined when it is anything else. */
export function partsServed(served: Buffer, parts: readonly Buffer[]): number | undefined {
  let at = 0;
  let count = 0;
  for (const part of parts) {
    if (at === served.length) break;
    if (!served.subarray(at, at + part.length).equals(part)) return undefined;
    at += part.length;
    count += 1;
  }
  return at === served.length ? count : undefined;
}
