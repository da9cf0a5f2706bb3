import { type Segment, segmentEnd } from './playlist.ts';

export interface IndexOptions {
  /** What is recorded of a range, oldest first; empty where nothing is. @throws HubError */
  load: (from: number, to: number, signal: AbortSignal) => Promise<Segment[]>;
  /** The hub's clock, UTC ms. */
  now: () => number;
}

/** Looked at before the place asked for, so that a step back finds the frame before, ms. */
const BEFORE_MS = 20_000;
/** The first playlist is short, so that the first picture comes soon; what follows comes by the hour, ms. */
const FIRST_MS = 600_000;
const WINDOW_MS = 3_600_000;
/** Nearer to now than this a playlist may still grow, ms. */
const GROWS_MS = 20_000;
const ASK_AGAIN_MS = 1_000;
const MOST_SEGMENTS = 10_000;

interface Known {
  from: number;
  to: number;
}

/** The segments of one track of one camera, fetched by windows of at most an hour as they are needed. */
export type FootageIndex = ReturnType<typeof createFootageIndex>;

export function createFootageIndex({ load, now }: IndexOptions) {
  let segments: Segment[] = [];
  let known: Known[] = [];
  let pending: { from: number; to: number; done: Promise<void> } | undefined;
  let emptyUntil = { at: Number.NEGATIVE_INFINITY, utc: 0 };
  const stopping = new AbortController();

  /** How many segments begin at or before `utc`. */
  const countTo = (utc: number): number => {
    let low = 0;
    let high = segments.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((segments[middle]?.utc ?? 0) <= utc) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const windowOf = (utc: number) => known.find((one) => utc >= one.from && utc < one.to);

  function learn(from: number, to: number, found: readonly Segment[]): void {
    const have = new Set(segments.map((segment) => segment.uri));
    segments = [...segments, ...found.filter((segment) => !have.has(segment.uri))].sort(
      (a, b) => a.utc - b.utc,
    );
    const last = found.at(-1);
    // The end of a playlist that reaches to now is where the footage ends so far.
    const until = to < now() - GROWS_MS ? to : Math.min(to, last ? segmentEnd(last) : from);
    if (until > from) known = merged([...known, { from, to: until }]);
    if (segments.length > MOST_SEGMENTS) forgetFarFrom(from);
  }

  function forgetFarFrom(utc: number): void {
    const near = { from: utc - 2 * WINDOW_MS, to: utc + 2 * WINDOW_MS };
    segments = segments.filter((segment) => segmentEnd(segment) > near.from && segment.utc < near.to);
    known = known
      .map((one) => ({ from: Math.max(one.from, near.from), to: Math.min(one.to, near.to) }))
      .filter((one) => one.to > one.from);
  }

  /** The range to ask for so that `utc` is known: on from what is known, or a fresh place. */
  function toAsk(utc: number): Known {
    const before = known.find((one) => utc >= one.to && utc - one.to < 2_000);
    if (before) return { from: before.to, to: before.to + WINDOW_MS };
    const after = known.find((one) => utc < one.from && one.from - utc < BEFORE_MS);
    if (after) return { from: after.from - FIRST_MS, to: after.from };
    return { from: utc - BEFORE_MS, to: utc + FIRST_MS };
  }

  async function ask(utc: number): Promise<void> {
    const range = toAsk(utc);
    const from = Math.max(0, Math.floor(range.from));
    const to = Math.ceil(Math.min(range.to, Math.max(now(), utc + 1)));
    try {
      learn(from, to, await load(from, to, stopping.signal));
    } catch (error) {
      // What lies before the place may be deeper than this person may look; the place itself may not.
      if (from >= utc || !isRefusal(error)) throw error;
      learn(Math.floor(utc), to, await load(Math.floor(utc), to, stopping.signal));
    }
    if (!windowOf(utc)) emptyUntil = { at: performance.now(), utc };
  }

  return {
    /** Is it known what is recorded at `utc`? */
    knows: (utc: number): boolean => windowOf(utc) !== undefined,
    /**
     * Makes sure that it is known what is recorded at `utc`, as far as there is anything yet.
     * @throws HubError
     */
    async ensure(utc: number): Promise<void> {
      if (windowOf(utc)) return;
      if (pending && utc >= pending.from && utc < pending.to) return pending.done;
      // The end of the recording: it grows by a segment each few seconds.
      if (utc >= emptyUntil.utc && performance.now() - emptyUntil.at < ASK_AGAIN_MS) return;
      const done = ask(utc);
      const mine = { ...toAsk(utc), done };
      pending = mine;
      try {
        await done;
      } finally {
        if (pending === mine) pending = undefined;
      }
    },
    /** Was the hub asked for what is at `utc` a moment ago, and had nothing yet? */
    ended: (utc: number): boolean =>
      !windowOf(utc) && utc >= emptyUntil.utc - 1_000 && performance.now() - emptyUntil.at < 3 * ASK_AGAIN_MS,
    /** The segment that holds `utc`. */
    at(utc: number): Segment | undefined {
      const segment = segments[countTo(utc) - 1];
      return segment && utc < segmentEnd(segment) ? segment : undefined;
    },
    /** The first segment that begins after `utc`, among those known. */
    after: (utc: number): Segment | undefined => segments[countTo(utc)],
    /** The last segment that begins before `utc`, among those known. */
    before: (utc: number): Segment | undefined => segments[countTo(utc - 0.001) - 1],
    stop: () => stopping.abort(),
  };
}

const isRefusal = (error: unknown): boolean =>
  error instanceof Error && 'status' in error && error.status === 403;

function merged(ranges: readonly Known[]): Known[] {
  const out: Known[] = [];
  for (const range of [...ranges].sort((a, b) => a.from - b.from)) {
    const last = out.at(-1);
    if (last && range.from <= last.to) last.to = Math.max(last.to, range.to);
    else out.push({ ...range });
  }
  return out;
}
