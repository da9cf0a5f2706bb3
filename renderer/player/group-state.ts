import type { SoundState } from './archive-sound.ts';
import { type CameraState, initialCamera } from './camera-state.ts';
import type { Gap } from './spans.ts';

/** One to nine cameras on one clock. */
export interface GroupState {
  readonly mode: 'archive' | 'live';
  readonly playing: boolean;
  /** 1/4 to 16; negative plays backwards. */
  readonly rate: number;
  /** Pictures are being fetched; the clock stands. */
  readonly waiting: boolean;
  /** True time of what is shown, UTC ms. */
  readonly currentUtc: number | null;
  /** The gap passed over to get here. */
  readonly skipped: { from: number; to: number; reason: Gap['reason'] | null } | null;
  /** How the archive came to its end or back: said for some seconds. */
  readonly notice: 'now-live' | 'nothing-before' | null;
  /** Of the selected camera; null while sound is off. */
  readonly sound: SoundState | null;
  readonly cameras: Readonly<Record<string, CameraState>>;
}

export interface GroupControls {
  /** Goes to a moment. Keeps playing when it was, unless told. */
  go(utc: number, play?: boolean): void;
  play(): void;
  pause(): void;
  /** Live has only 1: any other speed goes into the archive from here. */
  setRate(rate: number): void;
  /** One frame of the selected camera on (1) or back (-1). */
  step(direction: 1 | -1): void;
  toLive(): void;
  /** Sound of the selected camera, off at first. */
  setSound(on: boolean): void;
  retry(cameraId: string): void;
  /** True time of what is on the screen, UTC ms. */
  position(): number | null;
  state(): GroupState;
}

export const initialGroup: GroupState = {
  mode: 'archive',
  playing: true,
  rate: 1,
  waiting: true,
  currentUtc: null,
  skipped: null,
  notice: null,
  sound: null,
  cameras: {},
};

export const cameraOf = (state: GroupState, cameraId: string): CameraState =>
  state.cameras[cameraId] ?? initialCamera;
