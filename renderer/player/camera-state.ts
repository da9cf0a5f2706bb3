import { HubError } from '../hub/errors.ts';
import { initialLive, type LiveFailure, type LiveState } from './live-session.ts';
import type { Gap } from './spans.ts';
import { failureFrom } from './stream-failure.ts';

/**
 * What one camera shows of the archive: `gap`, nothing was recorded at this moment; `nothing`, nothing at all is;
 * the last three need somebody to act.
 */
export type CameraPhase = 'loading' | 'ready' | 'gap' | 'nothing' | 'refused' | 'signed-out' | 'problem';

export interface CameraState {
  readonly phase: CameraPhase;
  /** True time of the frame on the screen, UTC ms. */
  readonly frameUtc: number | null;
  /** How far the last frame was from the clock when it was shown, ms; null unless frames are running. */
  readonly driftMs: number | null;
  readonly gap: Pick<Gap, 'from' | 'to' | 'reason'> | null;
  readonly failure: LiveFailure | null;
  readonly live: LiveState;
}

export const initialCamera: CameraState = {
  phase: 'loading',
  frameUtc: null,
  driftMs: null,
  gap: null,
  failure: null,
  live: initialLive,
};

/** A failed request, or what the browser could not decode, as the screen words it. */
export function failureOfError(error: unknown): LiveFailure {
  if (error instanceof HubError)
    return error.status === 0
      ? { kind: 'network', status: 0 }
      : failureFrom(error.status, { code: error.code, params: { ...error.params } });
  if (error instanceof DOMException && error.name === 'NotSupportedError')
    return { kind: 'browser', code: 'unsupported' };
  return { kind: 'browser', code: 'decode' };
}

export const phaseOf = (failure: LiveFailure): CameraPhase =>
  failure.kind === 'refused' ? 'refused' : failure.kind === 'signed-out' ? 'signed-out' : 'problem';
