/** Copies what the video shows onto a canvas; leaves the canvas alone when the video shows nothing. */
export function keepStill(video: HTMLVideoElement, still: HTMLCanvasElement): void {
  if (video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA || video.videoWidth === 0) return;
  still.width = video.videoWidth;
  still.height = video.videoHeight;
  still.getContext('2d')?.drawImage(video, 0, 0);
}
