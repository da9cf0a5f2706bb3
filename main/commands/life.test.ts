import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CommandPayload } from '../contract/command-payload.ts';
import type { Shown } from '../contract/command-preview.ts';
import type { CommandSpec } from '../contract/command-spec.ts';
import type { AckPayload } from '../contract/mqtt-payloads.ts';
import type { LatestReport } from '../health/types.ts';
import { ANSWER_GRACE_MS, effectMs, type Life, onAck, onReport, onTime, sending } from './life.ts';
import { radio, report, ssid } from './test-reports.ts';
import { payloadOf, textOf } from './wire.ts';

const T0 = Date.UTC(2026, 0, 15, 9, 0, 0);
const BEAT = 30_000;
const reboot: CommandSpec = { kind: 'reboot' };
const channel: CommandSpec = { kind: 'radio', band: '5', channel: 44, widthMHz: 40, revertAfterS: 60 };
const old: Shown = { channel: 36, widthMHz: 20, txPowerDbm: 18 };

const asked: Life = {
  ...{ state: 'waiting', reason: null, deviceReason: null, before: null, after: null },
  ...{ sentAt: null, publishedAt: null, expiresAt: null },
  ...{ acceptedAt: null, doneAt: null, endedAt: null, waitsUntil: null },
};
const sent = (before: Shown | null = null): Life => ({
  ...asked,
  ...sending(T0, 120_000, before),
  publishedAt: T0,
});
const says = (state: AckPayload['state'], reason?: string): AckPayload => ({
  ...{ v: 1, id: 'ap-1', session: 1, requestId: 'r', state },
  ...(reason === undefined ? {} : { reason }),
});
const answered = (
  spec: CommandSpec,
  life: Life,
  state: AckPayload['state'],
  at: number,
  reason?: string,
): Life => ({
  ...life,
  ...onAck(spec, life, says(state, reason), { at, now: at }, BEAT),
});
const at = (reportedAt: number, details = {}, more = {}) =>
  report({ reportedAt, ...details }, { lastSeenAt: reportedAt, ...more });

const overdue = (spec: CommandSpec, life: Life, latest: LatestReport, now: number) =>
  onTime(spec, life, latest, { at: now, now });

describe('a restart', () => {
  const before: Shown = { uptimeS: 1_000, session: 7 };
  it('is believed by another session', () => {
    const life = answered(reboot, sent(before), 'accepted', T0 + 500);
    expect(life).toMatchObject({ state: 'accepted', acceptedAt: T0 + 500 });
    expect(
      onReport(reboot, life, at(T0 + 30_000, { uptimeS: 1_030 }, { session: 7 }), T0 + 30_000),
    ).toBeUndefined();
    expect(onReport(reboot, life, at(T0 + 60_000, {}, { session: 8 }), T0 + 60_000)).toMatchObject({
      ...{ state: 'confirmed', endedAt: T0 + 60_000, waitsUntil: null, after: { session: 8 } },
    });
  });

  it('is believed by an uptime that fell, though the session is the same, and without any answer', () => {
    expect(
      onReport(reboot, sent(before), at(T0 + 60_000, { uptimeS: 20 }, { session: 7 }), T0 + 60_000),
    ).toMatchObject({
      state: 'confirmed',
    });
  });

  it('is not believed by a new session alone, where states are told: neither at the birth nor with an old uptime', () => {
    const life = sent(before);
    const birth = report(
      { reportedAt: T0 - 10_000, uptimeS: 1_000 },
      { session: 8, lastSeenAt: T0 + 20_000 },
    );
    expect(onReport(reboot, life, birth, T0 + 20_000)).toBeUndefined();
    const goesOn = at(T0 + 30_000, { uptimeS: 1_040 }, { session: 8 });
    expect(onReport(reboot, life, goesOn, T0 + 30_000)).toBeUndefined();
    const anew = at(T0 + 60_000, { uptimeS: 41 }, { session: 8 });
    expect(onReport(reboot, life, anew, T0 + 60_000)).toMatchObject({ state: 'confirmed' });
  });

  it('of a device that tells no states is believed by its new session', () => {
    const birth = report({ reportedAt: Number.NaN }, { session: 8, lastSeenAt: T0 + 20_000 });
    expect(onReport(reboot, sent(before), birth, T0 + 20_000)).toMatchObject({ state: 'confirmed' });
  });

  it('is not believed by what was said before it, whatever it shows', () => {
    expect(onReport(reboot, sent(before), at(T0 - 1, { uptimeS: 5 }, { session: 8 }), T0)).toBeUndefined();
  });

  it('of a device of which nothing was known is believed when it began after the command', () => {
    expect(onReport(reboot, sent(null), at(T0 + 60_000, { uptimeS: 61 }), T0 + 60_000)).toBeUndefined();
    expect(onReport(reboot, sent(null), at(T0 + 60_000, { uptimeS: 30 }), T0 + 60_000)).toMatchObject({
      state: 'confirmed',
    });
  });

  it('from which the device does not come back has failed', () => {
    const life = answered(reboot, sent(before), 'accepted', T0 + 500);
    const late = (life.waitsUntil ?? 0) + 1;
    expect(overdue(reboot, life, at(T0 - 10_000, {}, { base: 'offline' }), late)).toMatchObject({
      ...{ state: 'failed', reason: 'gone' },
    });
  });

  it('after which it goes on as if nothing had been is unconfirmed, whatever it said', () => {
    const life = answered(reboot, answered(reboot, sent(before), 'accepted', T0), 'done', T0 + 1_000);
    const late = T0 + 1_000 + effectMs(reboot, BEAT);
    const report = at(late - 5_000, { uptimeS: 2_000 }, { session: 7 });
    expect(overdue(reboot, life, report, late - 1)).toBeUndefined();
    expect(overdue(reboot, life, report, late)).toMatchObject({ state: 'unconfirmed', reason: 'no-effect' });
  });
});

describe('a radio', () => {
  it('is believed by the new channel and its width together', () => {
    const life = answered(channel, sent(old), 'done', T0 + 1_000);
    expect(
      onReport(channel, life, at(T0 + 5_000, { radios: [radio('5', 44, 20)] }), T0 + 5_000),
    ).toBeUndefined();
    expect(
      onReport(channel, life, at(T0 + 5_000, { radios: [radio('5', 44, 40)] }), T0 + 5_000),
    ).toMatchObject({
      ...{ state: 'confirmed', after: { channel: 44, widthMHz: 40 } },
    });
  });

  it('that is found on its old channel after its time to come back took the change back', () => {
    const life = answered(channel, sent(old), 'accepted', T0);
    const back = (ms: number) => onReport(channel, life, at(T0 + ms, { radios: [radio('5', 36)] }), T0 + ms);
    expect(back(60_000)).toBeUndefined();
    expect(back(60_001)).toMatchObject({ state: 'reverted', reason: 'no-effect', after: old });
  });

  it('says itself that it took the change back, even after it had shown it', () => {
    const life = { ...sent(old), state: 'confirmed', endedAt: T0 } as const;
    expect(answered(channel, life, 'reverted', T0 + 70_000, 'no broker for 60 s')).toMatchObject({
      ...{ state: 'reverted', deviceReason: 'no broker for 60 s' },
    });
    expect(onAck(reboot, life, says('reverted'), { at: T0, now: T0 }, BEAT)).toBeUndefined();
  });
});

it('networks and the lamp are believed when a later state shows them', () => {
  const off: CommandSpec = { kind: 'ssid', ssid: 'guest', enabled: false };
  const said = (enabled: boolean) => at(T0 + 1, { ssids: [ssid('guest', false), ssid('guest', enabled)] });
  expect(onReport(off, sent(), said(true), T0 + 1)).toBeUndefined();
  expect(onReport(off, sent(), said(false), T0 + 1)).toMatchObject({ state: 'confirmed' });
  const blink: CommandSpec = { kind: 'locate', on: true, minutes: 5 };
  expect(onReport(blink, sent(), at(T0 + 1, { locating: true }), T0 + 1)).toMatchObject({
    state: 'confirmed',
  });
});

describe('answers', () => {
  it('that repeat or go back change nothing', () => {
    const accepted = answered(reboot, sent(), 'accepted', T0 + 1);
    expect(onAck(reboot, accepted, says('accepted'), { at: T0 + 2, now: T0 + 2 }, BEAT)).toBeUndefined();
    const done = answered(reboot, accepted, 'done', T0 + 2);
    for (const state of ['accepted', 'done', 'rejected', 'expired'] as const)
      expect(onAck(reboot, done, says(state), { at: T0 + 3, now: T0 + 3 }, BEAT)).toBeUndefined();
  });

  it('that refuse keep the device’s words', () => {
    expect(answered(channel, sent(), 'rejected', T0 + 1, 'regulatory domain')).toMatchObject({
      ...{ state: 'rejected', reason: 'device-said', deviceReason: 'regulatory domain', endedAt: T0 + 1 },
    });
    expect(answered(channel, sent(), 'expired', T0 + 1)).toMatchObject({
      state: 'expired',
      reason: 'device-said',
    });
  });

  it('that never come let the command expire, a moment after the device could last have begun', () => {
    const life = sent();
    expect(overdue(reboot, life, at(T0), T0 + 120_000 + ANSWER_GRACE_MS - 1)).toBeUndefined();
    expect(overdue(reboot, life, at(T0), T0 + 120_000 + ANSWER_GRACE_MS)).toMatchObject({
      ...{ state: 'expired', reason: 'no-answer' },
    });
    expect(overdue(reboot, { ...life, publishedAt: null }, at(T0), T0 + 200_000)).toMatchObject({
      reason: 'not-sent',
    });
  });

  it('that come after all are the truth', () => {
    const life = { ...sent(), ...overdue(reboot, sent(), at(T0), T0 + 200_000) };
    const late = answered(reboot, life, 'accepted', T0 + 201_000);
    expect(late).toMatchObject({ state: 'accepted', reason: null, endedAt: null });
    expect(late.waitsUntil).toBe(T0 + 201_000 + effectMs(reboot, BEAT));
  });

  it('prove that the command came, though the broker never said that it had it', () => {
    const unsent: Life = { ...sent(), publishedAt: null };
    const life = { ...unsent, ...overdue(reboot, unsent, at(T0), T0 + 200_000) };
    expect(life).toMatchObject({ state: 'expired', reason: 'not-sent' });
    expect(answered(reboot, life, 'done', T0 + 201_000)).toMatchObject({ state: 'done', endedAt: null });
  });

  it('never bring an ended command back, but for those that the truth asks for', () => {
    const states = ['accepted', 'done', 'rejected', 'expired', 'reverted'] as const;
    const ends = [
      'confirmed',
      'skipped',
      'cancelled',
      'rejected',
      'expired',
      'failed',
      'reverted',
      'unconfirmed',
    ] as const;
    fc.assert(
      fc.property(
        fc.constantFrom(...ends),
        fc.constantFrom(...states),
        fc.constantFrom(reboot, channel),
        (end, state, spec) => {
          const life: Life = {
            ...sent(old),
            state: end,
            reason: end === 'expired' ? 'device-said' : null,
            endedAt: T0,
          };
          const changed = onAck(spec, life, says(state), { at: T0 + 1, now: T0 + 1 }, BEAT);
          const allowed =
            spec === channel &&
            state === 'reverted' &&
            (end === 'confirmed' || end === 'unconfirmed' || end === 'failed');
          expect(changed !== undefined).toBe(allowed);
          expect(overdue(spec, life, at(T0), T0 + 1e9)).toBeUndefined();
          expect(
            onReport(spec, life, at(T0 + 1, { radios: [radio('5', 44, 40)] }, { session: 9 }), T0 + 1),
          ).toBeUndefined();
        },
      ),
    );
  });
});

describe('on the wire', () => {
  const wire = {
    requestId: '0198f3a0-0000-7000-8000-000000000001',
    deviceId: 'ap-1',
    executorId: 'ap-1',
    port: null,
    expiresAt: T0,
  };
  it('every kind is what the contract says', () => {
    const specs: CommandSpec[] = [
      reboot,
      { kind: 'locate', on: true, minutes: 3 },
      { kind: 'locate', on: false },
      channel,
      { kind: 'radio', band: '2.4', txPowerDbm: 12 },
      { kind: 'ssid', ssid: 'guest', enabled: true },
    ];
    for (const spec of specs) {
      const parsed = CommandPayload.parse(JSON.parse(textOf(payloadOf(spec, wire, null))));
      expect(parsed).toMatchObject({ kind: spec.kind, id: 'ap-1', expiresTs: T0 });
    }
    expect(payloadOf({ kind: 'locate', on: true, minutes: 3 }, wire, null)).toMatchObject({
      args: { on: true, forS: 180 },
    });
  });

  it('a power cycle is told to the switch, with the port and who hangs on it', () => {
    const cycle: CommandSpec = { kind: 'poe-cycle', offS: 7 };
    expect(payloadOf(cycle, { ...wire, executorId: 'sw-1', port: '3' }, null)).toMatchObject({
      ...{ id: 'sw-1', args: { port: '3', offS: 7, peerId: 'ap-1' } },
    });
  });

  it('the time limit is given by the device’s clock', () => {
    expect(payloadOf(reboot, wire, -3_600_000).expiresTs).toBe(T0 - 3_600_000);
    expect(payloadOf(reboot, wire, 90_000.4).expiresTs).toBe(T0 + 90_000);
    expect(payloadOf(reboot, wire, -9e15).expiresTs).toBe(0);
    // A clock that stands at the end of time does not keep the device from being told.
    expect(CommandPayload.safeParse(payloadOf(reboot, wire, 9e15)).success).toBe(true);
  });
});
