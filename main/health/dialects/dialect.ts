import type { DeviceKind } from '../../contract/device.ts';
import type { AvailabilityMode, DialectName } from '../../contract/dialects.ts';
import type { Refused } from '../payloads.ts';

export type ForeignChannel = 'status' | 'state' | 'event';

/** What a topic says before its payload is looked at. */
export interface Address {
  /** Id, serial number or MAC of the device, as the dialect writes it. */
  name: string;
  channel: ForeignChannel;
  /** What kind of message it is within the dialect, and of what. */
  subject: string;
  /** The node that speaks, for itself or for the device; when it dies, all for which it spoke are gone. */
  node?: { key: string; forItself: boolean };
  /** It is of no device in particular, but of all that speak this dialect with the same settings. */
  shared?: true;
}

/** One thing that a message says, in the words of our own payloads. */
export type Finding =
  /** The device is there. `run` is the number that pairs this birth with its death (0 to 255), where there is one. */
  | { kind: 'birth'; run?: number }
  /** It is gone, by its own word or its broker's. */
  | { kind: 'death'; run?: number }
  /** One of several topics that together say whether it is there (`availability.ts`). */
  | { kind: 'part'; part: number; up: boolean; mode: AvailabilityMode }
  /** It lives; nothing more. */
  | { kind: 'contact' }
  /** Fields of `AccessPointState`, `SwitchState` or `CameraState`; checked against that schema before they count. */
  | { kind: 'state'; at: number | null; fields: object }
  /** With `standing` it is told once, until that changes. `at` is the device's own time, UTC ms. */
  | {
      kind: 'event';
      at: number | null;
      type: string;
      severity: 'info' | 'warning' | 'critical';
      source?: Record<string, unknown>;
      data?: Record<string, unknown>;
      standing?: string;
    };

/** `says` is the device that the payload itself names; another than the topic's is refused. */
export type Reading = { ok: true; findings: readonly Finding[]; says?: string } | Refused;

/**
 * A dialect: where its messages are, whose they are and what they mean. It holds no memory; order and pairing are
 * kept in `applier.ts`. Reading is bounded work whatever the bytes.
 */
export interface Dialect {
  readonly name: DialectName;
  /** What stands before its topics unless the settings say otherwise; '' for nothing. */
  readonly prefix: string;
  /** How often its devices speak when all is well, seconds; null when they speak only of changes. */
  readonly heartbeatS: number | null;
  /** Topic filters below the prefix. */
  readonly filters: readonly { filter: string; channel: ForeignChannel }[];
  /** Takes the levels below the prefix apart. Undefined: no topic of this dialect. */
  address(levels: readonly string[]): Address | undefined;
  read(address: Address, payload: Uint8Array, kind: DeviceKind): Reading;
}

export const refused = (reason: string): Refused => ({ ok: false, reason });
export const understood = (findings: readonly Finding[], says?: string): Reading => ({
  ok: true,
  findings,
  ...(says === undefined ? {} : { says }),
});

/** A name that a device can have; longer ones are nobody's. */
export const isName = (text: string | undefined): text is string =>
  text !== undefined && text.length > 0 && text.length <= 64;

/** Seconds of a device's clock as UTC ms; null when they make no time. */
export const momentOf = (seconds: number | null | undefined): number | null =>
  typeof seconds === 'number' && seconds > 0 && seconds < 1e11 ? Math.round(seconds * 1000) : null;
