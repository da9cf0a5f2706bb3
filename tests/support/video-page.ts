/// <reference lib="dom" />
import type { Page } from '@playwright/test';
import { type FrameMark, readFrameMark } from '../../fixtures/scenes/frame-mark.ts';

/** How many frames the browser really put on the screen (`requestVideoFrameCallback`) in `ms`. */
export function advancingFrames(page: Page, selector: string, ms: number): Promise<number> {
  return page.locator(selector).evaluate(
    (element, limit) =>
      new Promise<number>((resolve) => {
        const video = element as HTMLVideoElement;
        const seen = new Set<number>();
        const onFrame = (_now: number, { mediaTime }: VideoFrameCallbackMetadata) => {
          seen.add(mediaTime);
          video.requestVideoFrameCallback(onFrame);
        };
        video.requestVideoFrameCallback(onFrame);
        setTimeout(() => resolve(seen.size), limit);
      }),
    ms,
  );
}

/** The frame mark in the picture that a `<video>` shows now; null when it cannot be read. */
export async function markShown(page: Page, selector: string): Promise<FrameMark | null> {
  const { pixels, width, height } = await page.locator(selector).evaluate((element) => {
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
