/**
 * How late a line's fragments are against its earliest. A hiccup now and then costs a short stop, whatever one
 * does, and is forgotten; keeping it in mind would cost delay in every second that follows. What comes again and
 * again is kept in mind for as long as it does.
 */
export interface Lateness {
  /** @param latenessS time of arrival minus place on the time line, seconds; only differences mean anything */
  add(latenessS: number, now: number): void;
  /** Of the fragment that was least late; undefined before the first. */
  earliestS(): number | undefined;
  /** How much later than that fragments usually are at most, seconds. */
  usualS(): number;
}

/** What is longer ago says nothing about the line, ms. */
const KEPT_MS = 30_000;
/** All that comes together is one event, ms. */
const TOGETHER_MS = 1_000;
/** So many events of what is kept are hiccups. One that lasts from one event into the next counts as two. */
const HICCUPS = 2;
/** Of a line that is hardly known, fewer are. */
const KNOWN_EVENTS = 5;
/** Before anything is known of a line, this is thought of it. */
const UNKNOWN_S = 0.1;
/** What opens a stream comes in one burst, and to a page that is still being built, ms. */
const OPENING_MS = 3_000;

interface Event {
  at: number;
  least: number;
  most: number;
  opening: boolean;
}

export function createLateness(): Lateness {
  const events: Event[] = [];
  let earliest: number | undefined;
  let began: number | undefined;

  return {
    add(latenessS, now) {
      began ??= now;
      while (events[0] && now - events[0].at > KEPT_MS) events.shift();
      const last = events.at(-1);
      if (last && now - last.at < TOGETHER_MS) {
        last.least = Math.min(last.least, latenessS);
        last.most = Math.max(last.most, latenessS);
      } else events.push({ at: now, least: latenessS, most: latenessS, opening: now - began < OPENING_MS });
      earliest = Math.min(...events.map(({ least }) => least));
    },
    earliestS: () => earliest,
    usualS() {
      const worst = events.filter(({ opening }) => !opening).map(({ most }) => most);
      if (earliest === undefined || worst.length <= HICCUPS) return UNKNOWN_S;
      const hiccups = Math.min(HICCUPS, Math.floor(worst.length / KNOWN_EVENTS));
      worst.sort((a, b) => b - a);
      return Math.max(0, (worst[hiccups] ?? earliest) - earliest);
    },
  };
}
