import { useEffect, useState } from 'react';
import { leftOf, movedTo, pausedAt, resumedAt, type TourClock, ticked } from './tour.ts';

/** How often the remaining time is worked out, ms. */
const TICK_MS = 250;

export interface Tour {
  /** Which stop is shown. */
  at: number;
  paused: boolean;
  leftMs: number;
  toggle: () => void;
  go: (at: number) => void;
}

/**
 * Runs through the stops of a tour.
 * @param everyMs null while there is no tour
 * @param held somebody looks at one tile closely: the tour waits without being paused
 */
export function useTour(stops: number, everyMs: number | null, held: boolean): Tour | null {
  const [clock, setClock] = useState<TourClock>({ at: 0, paused: true, leftMs: 0 });
  const [now, setNow] = useState(() => performance.now());
  const [stopped, setStopped] = useState(false);
  const runs = everyMs !== null && stops > 1;
  const waits = held || stopped;

  useEffect(() => {
    if (runs) setClock(({ at }) => ({ at, paused: false, dueAt: performance.now() + everyMs }));
    else setClock(({ at }) => ({ at, paused: true, leftMs: 0 }));
  }, [runs, everyMs]);
  useEffect(() => {
    if (!runs) return;
    setClock((clock) => (waits ? pausedAt(clock, performance.now()) : resumedAt(clock, performance.now())));
  }, [runs, waits]);
  useEffect(() => {
    if (!runs || waits) return;
    const timer = setInterval(() => {
      const time = performance.now();
      setNow(time);
      setClock((clock) => ticked(clock, stops, everyMs, time));
    }, TICK_MS);
    return () => clearInterval(timer);
  }, [runs, waits, stops, everyMs]);

  if (!runs) return null;
  return {
    at: Math.min(clock.at, stops - 1),
    paused: stopped,
    leftMs: Math.min(everyMs, leftOf(clock, now)),
    toggle: () => setStopped((before) => !before),
    go: (at) => setClock((clock) => movedTo(clock, (at + stops) % stops, everyMs, performance.now())),
  };
}
