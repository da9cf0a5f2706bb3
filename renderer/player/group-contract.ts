import type { StreamProblemCode, Timeline } from '../../main/contract/video.ts';
import type { CameraElements } from './archive-camera.ts';
import type { GroupControls, GroupState } from './group-state.ts';

/** Cameras that are played together, in step. */
export interface ArchiveGroup extends GroupControls {
  /** Gives a camera its elements. @returns what takes them back */
  attach(cameraId: string, elements: CameraElements): () => void;
  /** Whose frames are stepped through, and whose time is shown. */
  select(cameraId: string): void;
  stop(): void;
}

export interface GroupOptions {
  /** UTC ms; null begins live. */
  startAt: number | null;
  now: () => number;
  timeline: (cameraId: string, from: number, to: number, signal: AbortSignal) => Promise<Timeline>;
  problem: (cameraId: string, signal: AbortSignal) => Promise<StreamProblemCode | null>;
  onChange: (state: GroupState) => void;
}
