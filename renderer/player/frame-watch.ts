/** A frame that came on the screen. */
export interface ShownFrame {
  /** Position on the player's time line, s. */
  mediaTime: number;
  /** Monotonic ms. */
  at: number;
}

/**
 * Tells of every frame that the browser shows.
 * @returns the function that ends it
 */
export function watchFrames(video: HTMLVideoElement, onFrame: (frame: ShownFrame) => void): () => void {
  let handle = 0;
  const next = (at: number, frame: VideoFrameCallbackMetadata) => {
    handle = video.requestVideoFrameCallback(next);
    onFrame({ mediaTime: frame.mediaTime, at });
  };
  handle = video.requestVideoFrameCallback(next);
  return () => video.cancelVideoFrameCallback(handle);
}

/**
 * How long one frame lasts, s, learned from those seen: the shortest common step. Seeks and stalls make long
 * steps and do not count.
 */
export function createFrameLength(assumed = 1 / 25) {
  const steps: number[] = [];
  let before: number | null = null;
  return {
    seen(mediaTime: number): void {
      const step = before === null ? 0 : mediaTime - before;
      before = mediaTime;
      if (step < 0.004 || step > 0.5) return;
      steps.push(step);
      if (steps.length > 15) steps.shift();
    },
    seconds(): number {
      if (steps.length < 3) return assumed;
      const sorted = [...steps].sort((a, b) => a - b);
      return sorted[Math.floor(sorted.length / 4)] ?? assumed;
    },
  };
}
