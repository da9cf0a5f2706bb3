/// <reference lib="dom" />
import type { Page } from '@playwright/test';
import { type FrameMark, readFrameMark } from '../../fixtures/scenes/frame-mark.ts';

/**
 * Waits until the browser really put so many different frames on the screen (`requestVideoFrameCallback`), however long
 * that takes, and also where one video takes another's place meanwhile.
 * @returns how many it put there by then; fewer where a minute was not enough
 */
export function advancingFrames(page: Page, selector: string, count: number): Promise<number> {
  return page.evaluate(
    ({ selector, count, limitMs }) =>
      new Promise<number>((resolve) => {
        const seen = new Set<string>();
        const watched = new Set<HTMLVideoElement>();
        const end = () => {
          clearInterval(timer);
          resolve(seen.size);
        };
        const watch = (video: HTMLVideoElement) => {
          watched.add(video);
          const place = watched.size;
          const onFrame = (_now: number, { mediaTime }: VideoFrameCallbackMetadata) => {
            seen.add(`${place} ${mediaTime}`);
            if (seen.size >= count) end();
            else video.requestVideoFrameCallback(onFrame);
          };
          video.requestVideoFrameCallback(onFrame);
        };
        const timer = setInterval(() => {
          for (const video of document.querySelectorAll<HTMLVideoElement>(selector))
            if (!watched.has(video)) watch(video);
        }, 50);
        setTimeout(end, limitMs);
      }),
    { selector, count, limitMs: 60_000 },
  );
}

/** The frame mark in the picture that a `<video>` shows now, of several the uppermost; null when it cannot be read. */
export async function markShown(page: Page, selector: string): Promise<FrameMark | null> {
  const { pixels, width, height } = await page
    .locator(selector)
    .last()
    .evaluate((element) => {
      const video = element as HTMLVideoElement;
      const canvas = document.createElement('canvas');
      canvas.width = video.videoWidth;
      canvas.height = video.videoHeight;
      const context = canvas.getContext('2d');
      if (!context || canvas.width === 0) return { pixels: '', width: 0, height: 0 };
      context.drawImage(video, 0, 0);
      const bytes = context.getImageData(0, 0, canvas.width, canvas.height).data;
      let text = '';
      for (let at = 0; at < bytes.length; at += 0x8000)
        text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
      return { pixels: btoa(text), width: canvas.width, height: canvas.height };
    });
  return width === 0 ? null : readFrameMark(Buffer.from(pixels, 'base64'), width, height);
}
