import { LIVE_WINDOW_MS } from '../contract/video.ts';
import type { InitSegment } from '../recording/init-segment.ts';
import type { CutPart } from './cutter.ts';

export interface TailPart {
  index: number;
  /** Undefined once only the archive has it. */
  bytes: Buffer | undefined;
  startMs: number;
  durationUs: number;
  independent: boolean;
}

export interface TailSegment {
  msn: number;
  init: InitSegment;
  /** Does not continue the segment before it. */
  discontinuity: boolean;
  startMs: number;
  durationUs: number;
  independent: boolean;
  parts: TailPart[];
  complete: boolean;
  /** The archive has its bytes. */
  stored: boolean;
}

export interface TailView {
  segments: readonly TailSegment[];
  discontinuitySequence: number;
  partTargetS: number;
}

/** Listed in the live playlist: less than the live window, so that who may see live may fetch all that is named. */
export const LIVE_LIST_MS = LIVE_WINDOW_MS - 12_000;
/** Bytes stay in memory this long although the archive has them: what players ask for now. */
const MEMORY_MS = 12_000;

/** The newest footage of one camera, by part and segment, and those who wait for more. */
export function createLiveTail() {
  let segments: TailSegment[] = [];
  let discontinuitySequence = 0;
  let partTargetS = 0.2;
  let init: InitSegment | undefined;
  let broken = false;
  let everHad = false;
  let lastPicture: { init: InitSegment; part: TailPart } | undefined;
  const waiters = new Set<() => void>();

  const wake = () => {
    for (const check of [...waiters]) check();
  };

  const endMs = (segment: TailSegment) => segment.startMs + segment.durationUs / 1000;

  function trim(nowMs: number): void {
    while (segments[0] && endMs(segments[0]) < nowMs - LIVE_LIST_MS) {
      const gone = segments.shift();
      if (gone?.discontinuity) discontinuitySequence += 1;
    }
    for (const segment of segments)
      if (segment.stored && endMs(segment) < nowMs - MEMORY_MS)
        for (const part of segment.parts) part.bytes = undefined;
  }

  return {
    /** Parts that follow are of a new run: another format, or footage that does not continue. */
    begin(format: InitSegment, targetS: number): void {
      init = format;
      broken = true;
      partTargetS = targetS;
    },
    part(part: CutPart, nowMs: number): void {
      if (!init) return;
      let segment = segments.at(-1);
      if (!segment || segment.msn !== part.msn) {
        segment = {
          msn: part.msn,
          init,
          discontinuity: broken && everHad,
          startMs: part.startMs,
          durationUs: 0,
          independent: part.independent,
          parts: [],
          complete: false,
          stored: false,
        };
        broken = false;
        everHad = true;
        segments.push(segment);
      }
      const { index, bytes, startMs, durationUs, independent } = part;
      segment.parts.push({ index, bytes, startMs, durationUs, independent });
      segment.durationUs += durationUs;
      if (independent) lastPicture = { init, part: { index, bytes, startMs, durationUs, independent } };
      trim(nowMs);
      wake();
    },
    segmentEnded(msn: number): void {
      const segment = segments.find((candidate) => candidate.msn === msn);
      if (segment) segment.complete = true;
      wake();
    },
    stored(msn: number): void {
      const segment = segments.find((candidate) => candidate.msn === msn);
      if (segment) segment.stored = true;
    },
    /** What a playlist may name now. */
    view(nowMs: number): TailView {
      trim(nowMs);
      return { segments, discontinuitySequence, partTargetS };
    },
    find: (msn: number): TailSegment | undefined => segments.find((segment) => segment.msn === msn),
    newest: (): TailSegment | undefined => segments.at(-1),
    /** The last keyframe that came, however long ago. */
    lastPicture: () => lastPicture,
    format: (): InitSegment | undefined => init,
    /** Forgets all but the last picture: nobody watches, nothing is recorded. */
    clear(): void {
      discontinuitySequence += segments.filter((segment) => segment.discontinuity).length;
      segments = [];
      wake();
    },
    /**
     * Resolves true when `ready` is, looked at after every change; false after `timeoutMs`, or when `signal` ends it.
     */
    waitFor(ready: () => boolean, timeoutMs: number, signal: AbortSignal): Promise<boolean> {
      if (ready()) return Promise.resolve(true);
      if (signal.aborted) return Promise.resolve(false);
      return new Promise((resolve) => {
        const done = (result: boolean) => {
          clearTimeout(timer);
          waiters.delete(check);
          signal.removeEventListener('abort', abandon);
          resolve(result);
        };
        const check = () => {
          if (ready()) done(true);
        };
        const abandon = () => done(false);
        const timer = setTimeout(abandon, timeoutMs);
        waiters.add(check);
        signal.addEventListener('abort', abandon, { once: true });
      });
    },
    /** Lets those who wait look again: the session's state changed. */
    wake,
    waiting: () => waiters.size,
  };
}

export type LiveTail = ReturnType<typeof createLiveTail>;
