import { CommandPayload } from '../contract/command-payload.ts';
import type { CommandSpec } from '../contract/command-spec.ts';
import { revertAfterS } from './spec.ts';

/** The last moment that a clock can tell (ECMA-262 section 21.4.1.1), where a broken one may stand, UTC ms. */
const LATEST_MS = 8.64e15;

/** What is put on the wire for one command. */
export interface WireCommand {
  requestId: string;
  /** Who is to do it, and at which port. */
  executorId: string;
  port: string | null;
  /** Whose power it is about; the device itself in all other commands. */
  deviceId: string;
  /** By the hub's clock, UTC ms. */
  expiresAt: number;
}

/**
 * Builds the payload. `skewMs` is how far the device's clock was ahead of ours at its last report: a device compares
 * `expiresTs` with its own clock, so the time limit is given in its time. A clock that was set right since then makes the
 * device refuse at worst, never do it late by more than the correction.
 */
export function payloadOf(spec: CommandSpec, wire: WireCommand, skewMs: number | null): CommandPayload {
  const envelope = {
    v: 1 as const,
    id: wire.executorId,
    requestId: wire.requestId,
    expiresTs: Math.min(LATEST_MS, Math.max(0, Math.round(wire.expiresAt + (skewMs ?? 0)))),
  };
  switch (spec.kind) {
    case 'reboot':
      return { ...envelope, kind: spec.kind, args: {} };
    case 'poe-cycle':
      if (wire.port === null) throw new Error(`no port for ${wire.deviceId}`);
      return {
        ...{ ...envelope, kind: spec.kind },
        args: { port: wire.port, offS: spec.offS, peerId: wire.deviceId },
      };
    case 'locate':
      return {
        ...{ ...envelope, kind: spec.kind },
        args: { on: spec.on, ...(spec.minutes === undefined ? {} : { forS: spec.minutes * 60 }) },
      };
    case 'radio': {
      const { band, channel, widthMHz, txPowerDbm } = spec;
      return {
        ...{ ...envelope, kind: spec.kind, revertAfterS: revertAfterS(spec) },
        args: {
          band,
          ...(channel === undefined ? {} : { channel }),
          ...(widthMHz === undefined ? {} : { widthMHz }),
          ...(txPowerDbm === undefined ? {} : { txPowerDbm }),
        },
      };
    }
    case 'ssid':
      return { ...envelope, kind: spec.kind, args: { ssid: spec.ssid, enabled: spec.enabled } };
  }
}

/** As text; parsed once more, so that what leaves is what the contract says. */
export const textOf = (payload: CommandPayload): string => JSON.stringify(CommandPayload.parse(payload));
