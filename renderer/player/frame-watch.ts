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
