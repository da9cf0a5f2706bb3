import type { Shown } from '../contract/command-preview.ts';
import type { CommandReason, CommandState } from '../contract/command-runs.ts';
import type { CommandSpec } from '../contract/command-spec.ts';
import type { AckPayload } from '../contract/mqtt-payloads.ts';
import { maskedText } from '../health/macs.ts';
import type { LatestReport } from '../health/types.ts';
import { shownOf, showsEffect, showsOld } from './effect.ts';
import { revertAfterS } from './spec.ts';
import { isUnderWay } from './stages.ts';

/** An answer may be on its way when the time to begin is over, ms. */
export const ANSWER_GRACE_MS = 10_000;
/** Longest wait between two reports that is allowed for, ms. */
const LONGEST_BEAT_MS = 600_000;
const BEATS_WAITED = 3;

/** The part of a command that its life changes. Times are UTC ms by the hub's clock. */
export interface Life {
  state: CommandState;
  reason: CommandReason | null;
  deviceReason: string | null;
  before: Shown | null;
  after: Shown | null;
  sentAt: number | null;
  /** The broker has it. */
  publishedAt: number | null;
  /** The device may begin until then. */
  expiresAt: number | null;
  acceptedAt: number | null;
  doneAt: number | null;
  endedAt: number | null;
  waitsUntil: number | null;
}

export type Change = Partial<Life>;

/** A life, and since when this hub looks after it: in whatever time the reports beside it are told in. */
export interface TimedLife extends Life {
  heldSince?: number;
}

/** Ends after which a radio may still have taken its change back: `failed` when it came back only after all. */
const TAKEN_BACK_LATE: ReadonlySet<CommandState> = new Set(['confirmed', 'unconfirmed', 'failed']);

/** How long after the device's word its effect is waited for, ms. */
export function effectMs(spec: CommandSpec, heartbeatMs: number): number {
  const beats = BEATS_WAITED * Math.min(heartbeatMs, LONGEST_BEAT_MS);
  switch (spec.kind) {
    case 'reboot':
      return 240_000 + beats;
    case 'poe-cycle':
      return spec.offS * 1000 + 240_000 + beats;
    case 'radio':
      return revertAfterS(spec) * 1000 + 30_000 + beats;
    case 'locate':
    case 'ssid':
      return 15_000 + beats;
  }
}

const end = (
  state: CommandState,
  at: number,
  reason: CommandReason | null = null,
  more: Change = {},
): Change => ({
  ...more,
  ...{ state, reason, endedAt: at, waitsUntil: null },
});

/** To be sent now, to begin within `expiresMs`. */
export const sending = (at: number, expiresMs: number, before: Shown | null): Change => ({
  ...{ state: 'sent', before, sentAt: at, expiresAt: at + expiresMs },
  waitsUntil: at + expiresMs + ANSWER_GRACE_MS,
});

/** When something came, and when it is worked on: later, where it waited in the journal of a hub that was killed. */
export interface AnswerTimes {
  at: number;
  now: number;
}

/**
 * The device answered. What repeats, comes after the end or goes back in order changes nothing, except where the truth
 * asks for it: an answer that comes after it was given up for lost, and a change that was shown and then taken back.
 */
export function onAck(
  spec: CommandSpec,
  life: Life,
  ack: AckPayload,
  { at, now }: AnswerTimes,
  heartbeatMs: number,
): Change | undefined {
  const { state } = life;
  // An answer proves that it came, even where the broker never said that it had it.
  const lost = state === 'expired' && life.reason !== 'device-said';
  const waits = isUnderWay(state) || lost;
  // Kept longer than anything that may name a client.
  const words = ack.reason === undefined || ack.reason === '' ? null : maskedText(ack.reason);
  switch (ack.state) {
    case 'accepted':
      if (state !== 'sent' && !lost) return undefined;
      return {
        ...{ state: 'accepted', reason: null, endedAt: null, acceptedAt: at, deviceReason: words },
        waitsUntil: now + effectMs(spec, heartbeatMs),
      };
    case 'done':
      if (!waits || state === 'done') return undefined;
      return {
        ...{ state: 'done', reason: null, endedAt: null, doneAt: at, deviceReason: words },
        acceptedAt: life.acceptedAt ?? at,
        waitsUntil: now + effectMs(spec, heartbeatMs),
      };
    case 'rejected':
      if (!waits || state === 'done') return undefined;
      return end('rejected', at, 'device-said', { deviceReason: words });
    case 'expired':
      if (state !== 'sent' && !lost) return undefined;
      return end('expired', at, 'device-said', { deviceReason: words });
    case 'reverted':
      if (spec.kind !== 'radio' || (!waits && !TAKEN_BACK_LATE.has(state))) return undefined;
      return end('reverted', at, 'device-said', { deviceReason: words, acceptedAt: life.acceptedAt ?? at });
  }
}

/**
 * The device, or of a `poe-cycle` the one at the port, was heard. `life` and `latest` are told in the same time, steady
 * where it can be had; `at` is put on record, UTC ms.
 */
export function onReport(
  spec: CommandSpec,
  life: TimedLife,
  latest: LatestReport,
  at: number,
): Change | undefined {
  const { before, sentAt, heldSince = sentAt } = life;
  if (!isUnderWay(life.state) || sentAt === null || heldSince === null) return undefined;
  if (showsEffect(spec, { before, sentAt, heldSince }, latest))
    return end('confirmed', at, null, { after: shownOf(spec, latest) });
  if (spec.kind !== 'radio' || life.acceptedAt === null) return undefined;
  // Long enough on the old channel after it began: it tried, could not come back, and took it back.
  const overdue = latest.details.reportedAt > life.acceptedAt + revertAfterS(spec) * 1000;
  return overdue && showsOld(spec, before, latest)
    ? end('reverted', at, 'no-effect', { after: shownOf(spec, latest) })
    : undefined;
}

/**
 * Time passed: it is `now` in the time that `life` and `latest` are told in, and `at` on record. Asked only while the hub
 * hears its devices: what it cannot hear is nobody's failure.
 */
export function onTime(
  spec: CommandSpec,
  life: Life,
  latest: LatestReport,
  { at, now }: AnswerTimes,
): Change | undefined {
  if (!isUnderWay(life.state) || life.waitsUntil === null || now < life.waitsUntil) return undefined;
  if (life.state === 'sent') return end('expired', at, life.publishedAt === null ? 'not-sent' : 'no-answer');
  const heard = latest.lastSeenAt !== null && latest.lastSeenAt > (life.acceptedAt ?? now);
  if (latest.base === 'offline' || !heard) return end('failed', at, 'gone');
  return end('unconfirmed', at, 'no-effect', { after: shownOf(spec, latest) });
}
