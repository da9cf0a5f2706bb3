import { HubError } from '../../hub/errors.ts';
import type { KeyframeRef, Keyframes } from './keyframes.ts';
import type { Picture } from './picture-decoder.ts';

export interface KeyframePlayerOptions {
  keyframes: Keyframes;
  canvas: HTMLCanvasElement;
  /** Pictures a second that are worth asking for. */
  picturesPerS: () => number;
  onShown: (utc: number) => void;
  onFailure: (error: unknown) => void;
}

/** Asked for at the same time, and decoded ahead of the clock. */
const IN_FLIGHT = 3;
const AHEAD = 4;
/** An index covers this much of the time of the person watching, ms, and at least so much footage. */
const LIST_WATCHED_MS = 20_000;
const LIST_LEAST_MS = 30_000;

interface List {
  from: number;
  to: number;
  refs: readonly KeyframeRef[];
}

/**
 * Shows keyframes as the clock passes them, forwards or backwards, at any speed. What cannot be had in time is left
 * out: the pictures may become fewer, never late.
 */
export function createKeyframePlayer(options: KeyframePlayerOptions) {
  const { keyframes, canvas, onShown, onFailure } = options;
  let list: List | undefined;
  let listing: AbortController | undefined;
  let flights = new Map<string, AbortController>();
  let ready: Picture[] = [];
  let shown: number | null = null;
  /** The last keyframe asked for, UTC ms. */
  let asked: number | null = null;
  let rate = 0;
  /** How long one takes from asking to being decoded, ms. */
  let costMs = 120;

  const context = canvas.getContext('2d');

  function reset(): void {
    listing?.abort();
    listing = undefined;
    list = undefined;
    for (const flight of flights.values()) flight.abort();
    flights = new Map();
    for (const picture of ready) picture.close();
    ready = [];
    asked = null;
    shown = null;
  }

  function draw(picture: Picture): void {
    if (canvas.width !== picture.width || canvas.height !== picture.height) {
      canvas.width = picture.width;
      canvas.height = picture.height;
    }
    context?.drawImage(picture.image, 0, 0);
    shown = picture.utc;
    onShown(picture.utc);
  }

  async function fetchList(utc: number): Promise<void> {
    if (listing) return;
    const mine = new AbortController();
    listing = mine;
    const speed = Math.abs(rate);
    const length = Math.max(LIST_LEAST_MS, speed * LIST_WATCHED_MS);
    const [from, to] = rate > 0 ? [utc, utc + length] : [utc - length, utc + 1];
    try {
      const refs = await keyframes.list(from, to, (speed * 1000) / options.picturesPerS(), mine.signal);
      if (!mine.signal.aborted) list = { from, to, refs };
    } catch (error) {
      if (!mine.signal.aborted) onFailure(error);
    } finally {
      if (listing === mine) listing = undefined;
    }
  }

  async function fetchPicture(ref: KeyframeRef): Promise<void> {
    const mine = new AbortController();
    flights.set(ref.uri, mine);
    const began = performance.now();
    try {
      const picture = await keyframes.picture(ref, mine.signal);
      if (mine.signal.aborted) {
        picture.close();
        return;
      }
      costMs = costMs * 0.7 + (performance.now() - began) * 0.3;
      ready.push(picture);
      ready.sort((a, b) => (a.utc - b.utc) * Math.sign(rate));
    } catch (error) {
      // One that retention took away, or that is broken, is left out; a refusal is not.
      if (mine.signal.aborted) return;
      if (error instanceof HubError && error.status !== 404) onFailure(error);
    } finally {
      if (flights.get(ref.uri) === mine) flights.delete(ref.uri);
    }
  }

  /** The next keyframe to ask for, in the direction of play; not one that would come too late. */
  function next(utc: number): KeyframeRef | undefined {
    if (!list) return undefined;
    const sign = Math.sign(rate);
    const earliest = utc + (shown === null && ready.length === 0 ? 0 : rate * costMs);
    const after = (one: KeyframeRef) =>
      (one.utc - earliest) * sign >= 0 && (asked === null || (one.utc - asked) * sign > 0);
    return sign > 0 ? list.refs.find(after) : list.refs.findLast(after);
  }

  return {
    /**
     * @param utc the clock
     * @returns `waiting` until there is a first picture to show
     */
    tick(utc: number, clockRate: number): 'ready' | 'waiting' {
      if (clockRate !== rate) {
        reset();
        rate = clockRate;
      }
      const sign = Math.sign(rate);
      const passed = ready.filter((picture) => (picture.utc - utc) * sign <= 0);
      const current = passed.at(-1);
      // One that took longer than those asked for after it is of no more use: pictures never go against the play.
      if (current && (shown === null || (current.utc - shown) * sign > 0)) draw(current);
      for (const picture of passed) picture.close();
      ready = ready.slice(passed.length);
      const rest = list ? (rate > 0 ? list.to - utc : utc - list.from) / Math.abs(rate) : 0;
      const outside = !list || utc < list.from || utc > list.to;
      if (outside || rest < LIST_WATCHED_MS / 4) {
        const edge = list && !outside ? (rate > 0 ? list.to : list.from) : utc;
        // The rest of the list in hand is asked for first.
        if (outside || next(utc) === undefined) void fetchList(edge);
      }
      while (flights.size < IN_FLIGHT && flights.size + ready.length < AHEAD) {
        const ref = next(utc);
        if (!ref) break;
        asked = ref.utc;
        void fetchPicture(ref);
      }
      return shown === null && ready.length === 0 && list?.refs.length !== 0 ? 'waiting' : 'ready';
    },
    /** Forgets what was fetched: the clock goes elsewhere. */
    reset,
  };
}

export type KeyframePlayer = ReturnType<typeof createKeyframePlayer>;
