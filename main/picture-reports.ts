import type { EventBus } from './base/event-bus.ts';
import type { HubConfig } from './config.ts';
import type { HubEvents } from './contract/hub-events.ts';
import type { HealthView } from './health/types.ts';
import { lastKeyframe } from './pictures/keyframe.ts';
import { createPictures, type Pictures, type PicturesOptions } from './pictures/pictures.ts';
import type { Video } from './video/video.ts';

export interface PictureReportsOptions extends Pick<PicturesOptions, 'db' | 'clock' | 'log'> {
  config: HubConfig;
  devices: { get(id: string): unknown };
  bus: EventBus<HubEvents>;
  video: Video;
  health: Pick<HealthView, 'pictureSeen'>;
}

/** Lets the pictures of all running cameras be looked at, and hands what is found to health. */
export async function startPictures(options: PictureReportsOptions): Promise<Pictures> {
  const { config, devices, bus, video, health } = options;
  const pictures = createPictures({
    ...options,
    ffmpegPath: config.video.ffmpeg,
    running: video.running,
    keyframe: (cameraId) => lastKeyframe(video, cameraId),
    exists: (cameraId) => devices.get(cameraId) !== undefined,
    onFinding(cameraId, problem) {
      health.pictureSeen(cameraId, problem);
      bus.emit('picture.changed', { cameraId });
    },
  });
  await pictures.start();
  return pictures;
}
