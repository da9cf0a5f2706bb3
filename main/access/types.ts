import type { Bitset } from '../base/bitset.ts';
import type { Action, SessionInfo } from '../contract/access.ts';
import type { DeviceRecord } from '../devices/types.ts';

/** Somebody signed in, for the length of one request. */
export interface Viewer {
  readonly sessionId: string;
  readonly personId: string;
  readonly name: string;
  readonly login: string;
  readonly from: string;
}

export type DenialReason = 'no-grant' | 'denied' | 'out-of-hours' | 'archive-depth' | 'session-ended';
export type Decision = { allowed: true } | { allowed: false; reason: DenialReason };

/** What other rooms and the door ask of access. All of it answers from memory: it is asked for every segment. */
export interface AccessGate {
  /** Null when the token is unknown, expired, signed out, or its person is locked. */
  authenticate(token: string, from: string): Viewer | null;
  /** Is the session behind this viewer still good? Cheap; asked again before each send. */
  alive(viewer: Viewer): boolean;
  /**
   * The one decision. `device` null asks "anywhere at all". `footageTime` is the UTC ms of the oldest byte
   * asked for: for `video.live`, footage older than the live window is decided as `video.archive` with its depth.
   */
  may(viewer: Viewer, action: Action, device: DeviceRecord | null, footageTime?: number): Decision;
  /** Devices on which the action is allowed now. Shared between equals: do not change it. */
  visible(viewer: Viewer, action: Action): Bitset;
  /** Rises whenever anything that `may` depends on changed for this person, the clock included. */
  rightsVersion(viewer: Viewer): number;
  info(viewer: Viewer): Promise<SessionInfo>;
}

/** What work in the background asks: the person who ordered it may have signed out long ago. */
export interface PersonGate {
  /** Undefined when the account is gone or locked. */
  person(
    personId: string,
  ): { id: string; login: string; name: string; unit: string; number: string } | undefined;
  /** As `AccessGate.may`, for a person instead of a session. */
  may(personId: string, action: Action, device: DeviceRecord, footageTime?: number): Decision;
}
