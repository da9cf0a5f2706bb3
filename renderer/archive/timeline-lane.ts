import type { MarkedTimeline } from '../../main/contract/timeline.ts';

/** One camera of the timeline. */
export interface TimelineLane {
  cameraId: string;
  name: string;
  timeline: MarkedTimeline | undefined;
}
