import type { Timeline } from '../../../main/contract/video.ts';
import { type Found, recordedFrom, whatIsAt } from '../spans.ts';

export interface CoverageOptions {
  /** @throws HubError */
  timeline: (from: number, to: number, signal: AbortSignal) => Promise<Timeline>;
  /** The hub's clock, UTC ms. */
  now: () => number;
  onFailure: (error: unknown) => void;
}

const BEHIND_MS = 1_800_000;
const AHEAD_MS = 5_400_000;
/** What lies after the moment of asking may have come since, ms. */
const RENEW_MS = 2_000;

/** What of a camera's time is recorded and why the rest is not, asked of the hub as it is needed. */
export type Coverage = ReturnType<typeof createCoverage>;

export function createCoverage({ timeline, now, onFailure }: CoverageOptions) {
  const stopping = new AbortController();
  let known: { timeline: Timeline; until: number; at: number } | undefined;
  let loading = false;

  async function load(utc: number): Promise<void> {
    loading = true;
    try {
      const asked = now();
      const found = await timeline(utc - BEHIND_MS, utc + AHEAD_MS, stopping.signal);
      known = { timeline: found, until: Math.min(found.to, asked), at: performance.now() };
    } catch (error) {
      if (!stopping.signal.aborted) onFailure(error);
    } finally {
      loading = false;
    }
  }

  return {
    /** At once; `unknown` means that the hub is being asked. */
    at(utc: number): Found | { kind: 'unknown' } {
      if (known && utc >= known.timeline.from && utc < known.until) return whatIsAt(known.timeline, utc);
      const fresh = known && utc >= known.timeline.from && performance.now() - known.at < RENEW_MS;
      if (!fresh && !loading) void load(utc);
      return { kind: 'unknown' };
    },
    /**
     * The nearest footage after `utc` (1: its first moment) or before (-1: its last); undefined where none is.
     * @throws HubError
     */
    async nearest(utc: number, direction: 1 | -1): Promise<number | undefined> {
      const signal = stopping.signal;
      if (direction === 1) {
        const near = await timeline(utc, utc + AHEAD_MS, signal);
        const found = recordedFrom(near.spans, utc);
        if (found !== undefined || near.newest === null || near.newest <= near.to) return found;
        return recordedFrom((await timeline(utc, near.newest, signal)).spans, utc);
      }
      const last = (spans: Timeline['spans']) => spans.findLast((span) => span.from < utc);
      const near = await timeline(utc - AHEAD_MS, utc, signal);
      let span = last(near.spans);
      if (!span && near.oldest !== null && near.oldest < near.from)
        span = last((await timeline(near.oldest, utc, signal)).spans);
      return span && Math.min(utc, span.to);
    },
    forget(): void {
      known = undefined;
    },
    stop: () => stopping.abort(),
  };
}
