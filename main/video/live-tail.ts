import { LIVE_WINDOW_MS } from '../contract/video.ts';
import type { InitSegment } from '../recording/init-segment.ts';
import type { CutPart } from './cutter.ts';

export interface TailPart {
  index: number;
  /** Undefined once only the archive has it. Their memory is used again then: copy what outlives this turn. */
  bytes: Buffer | undefined;
  startMs: number;
  durationUs: number;
  independent: boolean;
}

export interface TailSegment {
  msn: number;
  init: InitSegment;
  /** Its Discontinuity Sequence Number (RFC 8216bis section 4.4.4.3): differs where it does not continue the segment before. */
  discontinuity: number;
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
/** The same of a stream that only memory holds: what a player must find (three target durations), and a little. */
export const MEMORY_LIST_MS = 14_000;
/** While players ask, bytes stay in memory this long although the archive has them: what they ask for now. */
const MEMORY_MS = 4_000;
/** Who has not asked for this long is not watching by playlist. */
const ASKED_MS = 10_000;

export interface LiveTailOptions {
  /** How far back the playlist names. */
  listMs?(): number;
  /** A part's bytes are needed no more. */
  release?(bytes: Buffer): void;
  /** Somebody asks for what comes. */
  onAsked?(): void;
  monotonic?(): number;
}

/** The newest footage of one track, by part and segment, and those who wait for more. */
export function createLiveTail({
  listMs = () => LIVE_LIST_MS,
  release = () => undefined,
  onAsked = () => undefined,
  monotonic = () => performance.now(),
}: LiveTailOptions = {}) {
  let segments: TailSegment[] = [];
  let discontinuity = -1;
  let partTargetS = 0.2;
  let init: InitSegment | undefined;
  let lastPicture: { init: InitSegment; part: TailPart } | undefined;
  /** Segments before this one have given their bytes back. */
  let heldFrom = 0;
  let askedAt: number | undefined;
  const waiters = new Set<() => void>();

  const wake = () => {
    for (const check of [...waiters]) check();
  };

  const endMs = (segment: TailSegment) => segment.startMs + segment.durationUs / 1000;

  const asked = (): boolean => askedAt !== undefined && monotonic() - askedAt < ASKED_MS;

  /** The last picture outlives its segment. */
  function drop(segment: TailSegment): void {
    for (const part of segment.parts) {
      const { bytes } = part;
      if (!bytes) continue;
      if (lastPicture?.part === part) lastPicture.part = { ...part, bytes: Buffer.from(bytes) };
      part.bytes = undefined;
      release(bytes);
    }
  }

  function trim(nowMs: number): void {
    while (segments[0] && endMs(segments[0]) < nowMs - listMs()) {
      drop(segments[0]);
      segments.shift();
      heldFrom = Math.max(0, heldFrom - 1);
    }
    // The group of pictures that runs now stays whole: whoever comes begins with its keyframe.
    const neededFrom = Math.min(nowMs - (asked() ? MEMORY_MS : 0), lastPicture?.part.startMs ?? nowMs);
    for (let segment = segments[heldFrom]; segment; segment = segments[heldFrom]) {
      if (!segment.stored || endMs(segment) > neededFrom) break;
      drop(segment);
      heldFrom += 1;
    }
  }

  return {
    /**
     * Parts that follow are of a new run: another format, or footage that does not continue. `number` is the run's
     * Discontinuity Sequence Number; without one, the next.
     */
    begin(format: InitSegment, targetS: number, number = discontinuity + 1): void {
      init = format;
      partTargetS = targetS;
      discontinuity = Math.max(discontinuity, number);
    },
    part(part: CutPart, nowMs: number): void {
      if (!init) return;
      let segment = segments.at(-1);
      if (!segment || segment.msn !== part.msn) {
        segment = {
          ...{ msn: part.msn, init, discontinuity, startMs: part.startMs, durationUs: 0 },
          ...{ independent: part.independent, parts: [], complete: false, stored: false },
        };
        segments.push(segment);
      }
      const { index, bytes, startMs, durationUs, independent } = part;
      const kept: TailPart = { index, bytes, startMs, durationUs, independent };
      segment.parts.push(kept);
      segment.durationUs += durationUs;
      if (independent) lastPicture = { init, part: kept };
      trim(nowMs);
      wake();
    },
    segmentEnded(msn: number): void {
      const segment = segments.findLast((candidate) => candidate.msn === msn);
      if (segment) segment.complete = true;
      wake();
    },
    stored(msn: number): void {
      const segment = segments.findLast((candidate) => candidate.msn === msn);
      if (segment) segment.stored = true;
    },
    /** What a playlist may name now. */
    view(nowMs: number): TailView {
      trim(nowMs);
      return {
        segments,
        discontinuitySequence: segments[0]?.discontinuity ?? Math.max(0, discontinuity),
        partTargetS,
      };
    },
    /** Parts from the last keyframe on, whole and without a break; empty when there is none to begin with. */
    currentGroup(): readonly { segment: TailSegment; part: TailPart & { bytes: Buffer } }[] {
      const group: { segment: TailSegment; part: TailPart & { bytes: Buffer } }[] = [];
      const run = segments.at(-1)?.discontinuity;
      for (let s = segments.length - 1; s >= 0; s--) {
        const segment = segments[s];
        if (!segment || segment.discontinuity !== run || run !== discontinuity) return [];
        for (let p = segment.parts.length - 1; p >= 0; p--) {
          const part = segment.parts[p];
          if (!part?.bytes) return [];
          group.unshift({ segment, part: { ...part, bytes: part.bytes } });
          if (part.independent) return group;
        }
      }
      return [];
    },
    find: (msn: number): TailSegment | undefined => segments.findLast((segment) => segment.msn === msn),
    newest: (): TailSegment | undefined => segments.at(-1),
    /** The last keyframe that came, however long ago. */
    lastPicture: () => lastPicture,
    format: (): InitSegment | undefined => init,
    /** Forgets all but the last picture: nobody watches, nothing is recorded. */
    clear(): void {
      for (const segment of segments) drop(segment);
      segments = [];
      heldFrom = 0;
      wake();
    },
    /**
     * Resolves true when `ready` is, looked at after every change; false after `timeoutMs`, or when `signal` ends it.
     */
    waitFor(ready: () => boolean, timeoutMs: number, signal: AbortSignal): Promise<boolean> {
      askedAt = monotonic();
      onAsked();
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
    /** Somebody asks for what comes, or did so lately. */
    asked: (): boolean => waiters.size > 0 || asked(),
  };
}

export type LiveTail = ReturnType<typeof createLiveTail>;
