/// <reference lib="dom" />
import type { Page } from '@playwright/test';
import { MARK_COLUMNS, MARK_ROWS, PICTURE_ROWS, readFrameMark } from '../../fixtures/scenes/frame-mark.ts';

/** Glass to glass: from the moment that the drawn clock shows to the moment at which its picture is on the screen. */
export interface Glass {
  /** A value for each new picture whose clock could be read, ms, in order. */
  agesMs: number[];
  /** Numbers of the pictures read, in order. */
  frames: number[];
  /** New pictures painted, and how many of them had no readable clock. */
  painted: number;
  unreadable: number;
  /** The longest time without a new picture, ms. */
  longestGapMs: number;
}

interface Painted {
  /** The mark's squares, a character each. */
  bits: string;
  /** UTC ms at which it was on the screen. */
  at: number;
}

/**
 * Reads the frame mark of every picture that a `<video>` of the street scenes paints in `ms`. All videos that match
 * are watched, each for itself; the answer is in the order of the page. A hidden one paints nothing.
 */
export async function watchGlass(page: Page, selector: string, ms: number): Promise<Glass[]> {
  const seen = await page.locator(selector).evaluateAll(
    async (elements, { ms, columns, rows, pictureRows }): Promise<Painted[][]> => {
      const square = 6;
      const watch = (video: HTMLVideoElement): { painted: Painted[]; end: () => void } => {
        const painted: Painted[] = [];
        const canvas = document.createElement('canvas');
        canvas.width = columns * square;
        canvas.height = rows * square;
        const context = canvas.getContext('2d', { willReadFrequently: true });
        let handle = 0;
        const onFrame = (_now: number, { expectedDisplayTime }: VideoFrameCallbackMetadata) => {
          handle = video.requestVideoFrameCallback(onFrame);
          if (!context) return;
          const at = Date.now() + Math.max(0, expectedDisplayTime - performance.now());
          const strip = (video.videoHeight * rows) / pictureRows;
          const top = video.videoHeight - strip;
          context.drawImage(video, 0, top, video.videoWidth, strip, 0, 0, canvas.width, canvas.height);
          const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
          let bits = '';
          for (let row = 0; row < rows; row++)
            for (let column = 0; column < columns; column++) {
              const x = column * square + square / 2;
              const y = row * square + square / 2;
              let sum = 0;
              for (const dx of [-1, 0])
                for (const dy of [-1, 0]) sum += data[((y + dy) * canvas.width + x + dx) * 4 + 1] ?? 0;
              bits += sum > 4 * 127 ? '1' : '0';
            }
          painted.push({ bits, at });
        };
        handle = video.requestVideoFrameCallback(onFrame);
        return { painted, end: () => video.cancelVideoFrameCallback(handle) };
      };
      const watches = elements.map((element) => watch(element as HTMLVideoElement));
      await new Promise((resolve) => setTimeout(resolve, ms));
      for (const { end } of watches) end();
      return watches.map(({ painted }) => painted);
    },
    { ms, columns: MARK_COLUMNS, rows: MARK_ROWS, pictureRows: PICTURE_ROWS },
  );
  return seen.map((painted) => readAll(painted, ms));
}

function readAll(painted: readonly Painted[], ms: number): Glass {
  const agesMs: number[] = [];
  const frames: number[] = [];
  for (const { bits, at } of painted) {
    const mark = readFrameMark(pictureOf(bits), MARK_COLUMNS, PICTURE_ROWS);
    if (!mark) continue;
    agesMs.push(at - mark.utcMs);
    frames.push(mark.frame);
  }
  let longestGapMs = painted.length === 0 ? ms : 0;
  for (const [i, { at }] of painted.entries())
    longestGapMs = Math.max(longestGapMs, at - (painted[i - 1]?.at ?? at));
  return {
    agesMs,
    frames,
    painted: painted.length,
    unreadable: painted.length - frames.length,
    longestGapMs,
  };
}

/** A picture of one pixel a square, as small as the mark's reader takes it. */
function pictureOf(bits: string): Uint8Array {
  const rgba = new Uint8Array(MARK_COLUMNS * PICTURE_ROWS * 4);
  const top = PICTURE_ROWS - MARK_ROWS;
  for (const [i, bit] of [...bits].entries())
    rgba.fill(bit === '1' ? 255 : 0, (top * MARK_COLUMNS + i) * 4, (top * MARK_COLUMNS + i) * 4 + 3);
  return rgba;
}

/**
 * From a click to the first picture that a `<video>` paints after it, ms. `act` must click with the mouse; the
 * time runs from the browser's own time of that click. The video may be there already or come with the click.
 */
export async function clickToFirstFrame(
  page: Page,
  selector: string,
  act: () => Promise<void>,
): Promise<number> {
  const armed = await page.evaluateHandle((selector) => {
    const before = new Set(document.querySelectorAll(selector));
    const result = new Promise<number>((resolve) => {
      const onClick = (event: MouseEvent) => {
        const from = event.timeStamp;
        const watched = new Set<Element>();
        let done = false;
        const look = () => {
          if (done) return;
          for (const element of document.querySelectorAll<HTMLVideoElement>(selector)) {
            if (before.has(element) || watched.has(element)) continue;
            watched.add(element);
            element.requestVideoFrameCallback((now, { expectedDisplayTime }) => {
              done = true;
              resolve(Math.max(now, expectedDisplayTime) - from);
            });
          }
          requestAnimationFrame(look);
        };
        look();
      };
      window.addEventListener('click', onClick, { capture: true, once: true });
    });
    return { result };
  }, selector);
  await act();
  return armed.evaluate(({ result }) => result);
}

/** The value below which `share` (0 to 1) of the values lie; NaN without any. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
