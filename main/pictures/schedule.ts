/** CPU milliseconds a second that the checks of one camera may cost on the mean: 3 % of a core for 100 cameras. */
export const BUDGET_MS_PER_S = 0.3;
/** Fewer cameras than this have the budget of so many: the start of a decoder has its price. */
const LEAST_CAMERAS = 20;
/** Share of the budget that goes into routine; the rest is for looking again. */
const ROUTINE_SHARE = 0.6;
/** No camera is looked at more often in routine, nor more seldom whatever it costs. */
const SHORTEST_MS = 45_000;
const LONGEST_MS = 240_000;
/** A camera that waits this long is looked at even beyond the budget: five minutes are promised. */
const MUST_MS = 270_000;
const AGAIN_MS = 6_000;
const STANDING_MS = 30_000;
const LEARNING_MS = 12_000;
/** Cameras whose keyframes go through one decoder: more save little and make its memory and its work too long. */
export const MOST_AT_ONCE = 16;
/** One that waited this long goes even when others do not fill the decoder. */
const PATIENCE_MS = 15_000;
const SAVINGS_MS = 60_000;
const FIRST_GUESS_MS = 40;

/** How soon a camera should be looked at again. */
export type Urgency = 'routine' | 'learning' | 'standing' | 'doubtful';

interface Turn {
  urgency: Urgency;
  dueAt: number;
  lastAt: number;
}

/**
 * Decides whose picture is looked at next, so that all are looked at evenly and the measured cost stays within the
 * budget. Pure but for its memory: time comes from outside, monotonic milliseconds.
 */
export function createSchedule() {
  const turns = new Map<string, Turn>();
  let savedMs = 0;
  let savedAt: number | undefined;
  let costMs = FIRST_GUESS_MS;
  let arrivals = 0;

  const rate = () => (Math.max(LEAST_CAMERAS, turns.size) * BUDGET_MS_PER_S) / 1000;
  const intervalMs = () =>
    Math.min(LONGEST_MS, Math.max(SHORTEST_MS, (costMs * turns.size) / (rate() * ROUTINE_SHARE)));
  const waitOf = (urgency: Urgency): number => {
    const usual = intervalMs();
    if (urgency === 'doubtful') return AGAIN_MS;
    if (urgency === 'standing') return Math.min(usual, STANDING_MS);
    return urgency === 'learning' ? Math.min(usual, LEARNING_MS) : usual;
  };

  function save(now: number): void {
    savedMs = Math.min(rate() * SAVINGS_MS, savedMs + (now - (savedAt ?? now)) * rate());
    savedAt = now;
  }

  return {
    /** Makes the cameras looked after these: new ones are spread over the interval. */
    follow(ids: ReadonlySet<string>, now: number): void {
      for (const id of turns.keys()) if (!ids.has(id)) turns.delete(id);
      for (const id of ids)
        if (!turns.has(id)) {
          // By the golden ratio, so that any number of arrivals lies evenly.
          const share = (arrivals++ * 0.618_033_988_7) % 1;
          turns.set(id, { urgency: 'learning', dueAt: now + share * LEARNING_MS, lastAt: now });
        }
    },
    /** Those to look at now, the most urgent first; none while it is worth waiting. */
    take(now: number): string[] {
      save(now);
      const due = [...turns].filter(([, turn]) => turn.dueAt <= now);
      const overdue = (turn: Turn) => now - turn.lastAt >= MUST_MS;
      const must = due.filter(([, turn]) => overdue(turn)).length;
      const pressing = due.some(
        ([, turn]) => turn.urgency === 'doubtful' || now - turn.dueAt >= PATIENCE_MS || overdue(turn),
      );
      if (due.length < MOST_AT_ONCE && !pressing) return [];
      const affordable = Math.floor(savedMs / costMs);
      const order: readonly Urgency[] = ['doubtful', 'standing', 'routine', 'learning'];
      due.sort(
        ([, a], [, b]) =>
          Number(overdue(b)) - Number(overdue(a)) ||
          order.indexOf(a.urgency) - order.indexOf(b.urgency) ||
          a.dueAt - b.dueAt,
      );
      return due.slice(0, Math.min(MOST_AT_ONCE, Math.max(must, affordable))).map(([id]) => id);
    },
    /** A camera was looked at, or could not be. */
    done(id: string, urgency: Urgency, now: number): void {
      const turn = turns.get(id);
      if (!turn) return;
      turn.urgency = urgency;
      turn.lastAt = now;
      turn.dueAt = now + waitOf(urgency);
    },
    /** There is no newer keyframe yet: soon again, without a change. */
    later(id: string, now: number): void {
      const turn = turns.get(id);
      if (turn) turn.dueAt = now + AGAIN_MS;
    },
    /** What a round of `count` pictures cost. */
    spent(cpuMs: number, count: number): void {
      savedMs -= cpuMs;
      if (count > 0) costMs += 0.1 * (cpuMs / count - costMs);
    },
    /** Usual time between two looks at a camera, ms. */
    intervalMs,
    /** Longest that any camera now waits since it was looked at, ms. */
    oldestMs: (now: number) => Math.max(0, ...[...turns.values()].map((turn) => now - turn.lastAt)),
    costMs: () => costMs,
  };
}

export type Schedule = ReturnType<typeof createSchedule>;
