/// <reference lib="dom" />

import type { Page } from '@playwright/test';
import { percentile } from '../figures.ts';

/** What a person feels of a page while something was done: tasks that held it up (50 ms and more), and its frames. */
export interface Felt {
  longTasksMs: readonly number[];
  framesMs: readonly number[];
}

/** Longer than this, a frame is seen as a jerk, ms. */
export const SLOW_FRAME_MS = 50;
/** Long tasks are told to their observer some time after they end. */
const TOLD_LATE_MS = 200;

/** Does something in a page and tells how smoothly the page went on meanwhile. */
export async function felt(page: Page, deed: () => Promise<unknown>): Promise<Felt> {
  await page.evaluate(() => {
    const longTasksMs: number[] = [];
    const framesMs: number[] = [];
    const take = (entries: readonly PerformanceEntry[]) => {
      for (const { duration } of entries) longTasksMs.push(duration);
    };
    const observer = new PerformanceObserver((list) => take(list.getEntries()));
    observer.observe({ type: 'longtask' });
    let last: number | null = null;
    let frame = 0;
    const step = (now: number) => {
      if (last !== null) framesMs.push(now - last);
      last = now;
      frame = requestAnimationFrame(step);
    };
    frame = requestAnimationFrame(step);
    Reflect.set(globalThis, 'endOfWatch', () => {
      cancelAnimationFrame(frame);
      take(observer.takeRecords());
      observer.disconnect();
      return { longTasksMs, framesMs };
    });
  });
  await deed();
  await page.waitForTimeout(TOLD_LATE_MS);
  return page.evaluate(() => (Reflect.get(globalThis, 'endOfWatch') as () => Felt)());
}

export const together = (parts: readonly Felt[]): Felt => ({
  longTasksMs: parts.flatMap(({ longTasksMs }) => longTasksMs),
  framesMs: parts.flatMap(({ framesMs }) => framesMs),
});

export function inWords({ longTasksMs, framesMs }: Felt): string {
  const ms = (p: number) => percentile(framesMs, p).toFixed(0);
  const slow = framesMs.filter((frame) => frame > SLOW_FRAME_MS).length;
  const tasks =
    longTasksMs.length === 0
      ? 'no long task'
      : `${longTasksMs.length} long tasks, ${Math.max(...longTasksMs).toFixed(0)} ms at most`;
  return `${tasks}; ${slow} of ${framesMs.length} frames over ${SLOW_FRAME_MS} ms, p50 ${ms(0.5)}, p99 ${ms(0.99)}, most ${ms(1)} ms`;
}

/** Scrolls an element by the same distance each frame. */
export const scrollOn = (page: Page, selector: string, px: number, frames: number): Promise<void> =>
  page.evaluate(
    async (how) => {
      const box = document.querySelector(how.selector);
      if (!box) throw new Error(`nothing to scroll: ${how.selector}`);
      for (let i = 0; i < how.frames; i++) {
        box.scrollTop += how.px;
        await new Promise((resolve) => requestAnimationFrame(resolve));
      }
    },
    { selector, px, frames },
  );

/** Moves an element's scroll bar to places all over it, the same in each run. */
export const jumpAbout = (page: Page, selector: string, jumps: number, everyMs: number): Promise<void> =>
  page.evaluate(
    async (how) => {
      const box = document.querySelector(how.selector);
      if (!box) throw new Error(`nothing to scroll: ${how.selector}`);
      for (let i = 1; i <= how.jumps; i++) {
        // The fractions of multiples of the golden ratio: nowhere twice, everywhere soon.
        box.scrollTop = ((i * 0.618034) % 1) * box.scrollHeight;
        await new Promise((resolve) => setTimeout(resolve, how.everyMs));
      }
    },
    { selector, jumps, everyMs },
  );
