import type { LiveFailure } from './live-session.ts';

export type ArchivePhase = 'loading' | 'ready' | 'nothing' | 'refused' | 'signed-out' | 'problem';

export interface ArchiveState {
  phase: ArchivePhase;
  playing: boolean;
  /** More footage is being fetched; the picture stands. */
  waiting: boolean;
  /** 1/4 to 16; negative plays backwards. */
  rate: number;
  /** True time of the frame on the screen, UTC ms. */
  currentUtc: number | null;
  /** The gap passed over to get here. */
  skipped: { from: number; to: number } | null;
  failure: LiveFailure | null;
}

export const initialArchive: ArchiveState = {
  phase: 'loading',
  playing: true,
  waiting: false,
  rate: 1,
  currentUtc: null,
  skipped: null,
  failure: null,
};
