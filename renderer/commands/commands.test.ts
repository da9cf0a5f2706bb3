import { describe, expect, it } from 'vitest';
import { channelAllowed } from '../../main/contract/radio-plan.ts';
import {
  bandsOf,
  draftOf,
  isDisruptive,
  needsTyping,
  powerCycleMayHelp,
  specOf,
  widthIn,
  withRadio,
} from './command-draft.ts';
import { stepsOf, tally } from './run-state.ts';

describe('what is filled in', () => {
  it('becomes a command once nothing is missing', () => {
    expect(specOf(draftOf('reboot'))).toEqual({ kind: 'reboot' });
    expect(specOf(draftOf('locate', { on: false }))).toEqual({ kind: 'locate', on: false });
    expect(specOf(draftOf('locate', { minutes: 5 }))).toEqual({ kind: 'locate', on: true, minutes: 5 });
    expect(specOf(draftOf('radio'))).toBeNull();
    expect(specOf(draftOf('radio', { txPowerDbm: 0 }))).toEqual({
      kind: 'radio',
      band: '2.4',
      txPowerDbm: 0,
    });
    expect(specOf(draftOf('radio', { band: '5', channel: 36, widthMHz: 80 }))).toEqual({
      ...{ kind: 'radio', band: '5', channel: 36, widthMHz: 80 },
    });
    expect(specOf(draftOf('ssid', { ssid: '  ' }))).toBeNull();
    expect(specOf(draftOf('ssid', { ssid: 'Ж'.repeat(16) }))).not.toBeNull();
    expect(specOf(draftOf('ssid', { ssid: 'Ж'.repeat(17) }))).toBeNull();
    expect(specOf(draftOf('ssid', { ssid: ' Guest ', enabled: true }))).toEqual({
      ...{ kind: 'ssid', ssid: 'Guest', enabled: true },
    });
  });

  it('never keeps a channel that band and width do not allow', () => {
    const radios = [
      { band: '2.4', widthMHz: 20 },
      { band: '5', widthMHz: 80 },
    ] as const;
    expect(widthIn(radios, '5')).toBe(80);
    expect(widthIn([...radios, { band: '5', widthMHz: 40 }], '5')).toBe(20);
    expect(widthIn(radios, '6')).toBe(20);
    const draft = draftOf('radio', { band: '5', channel: 165, widthMHz: 20 });
    expect(channelAllowed('5', 165, 80)).toBe(false);
    expect(withRadio(draft, { widthMHz: 80 })).toMatchObject({ widthMHz: 80, channel: null });
    const wide = draftOf('radio', { band: '5', channel: 36, widthMHz: 160 });
    expect(withRadio(wide, { widthMHz: 40 })).toMatchObject({ widthMHz: 40, channel: 36 });
    expect(withRadio(wide, { band: '2.4' })).toMatchObject({ band: '2.4', widthMHz: 20, channel: null });
  });

  it('offers the radios that were reported, in order and once; any where none was', () => {
    expect(bandsOf([{ band: '5' }, { band: '2.4' }, { band: '5' }])).toEqual(['2.4', '5']);
    expect(bandsOf([])).toEqual(['2.4', '5', '6']);
  });

  it('is typed for only where many lose their network', () => {
    expect(isDisruptive({ kind: 'radio', band: '5', txPowerDbm: 10 })).toBe(false);
    expect(isDisruptive({ kind: 'ssid', ssid: 'a', enabled: false })).toBe(true);
    expect(needsTyping({ command: { kind: 'reboot' }, willRun: 10 })).toBe(true);
    expect(needsTyping({ command: { kind: 'reboot' }, willRun: 9 })).toBe(false);
    expect(needsTyping({ command: { kind: 'locate', on: true }, willRun: 500 })).toBe(false);
  });
});

describe('power instead of a restart', () => {
  const device = {
    ...{
      id: 'a',
      num: 1,
      kind: 'ap' as const,
      name: 'A',
      address: '',
      skip: 'offline' as const,
      warnings: [],
    },
    ...{ clients: null, children: 0, via: null, now: null, busyWith: null },
  };
  const helps = (change: object, kind: 'reboot' | 'poe-cycle' = 'reboot') =>
    powerCycleMayHelp({
      command: kind === 'reboot' ? { kind } : { kind, offS: 5 },
      devices: [{ ...device, ...change }],
    });

  it('is thought of where one device that takes it cannot hear', () => {
    expect(helps({})).toBe(true);
    expect(helps({ kind: 'camera' })).toBe(true);
    expect(helps({ kind: 'switch' })).toBe(false);
    expect(helps({ skip: 'no-right' })).toBe(false);
    expect(helps({ skip: null })).toBe(false);
    expect(helps({}, 'poe-cycle')).toBe(false);
    expect(powerCycleMayHelp({ command: { kind: 'reboot' }, devices: [device, device] })).toBe(false);
  });
});

describe('a run', () => {
  it('counts devices by how they fared', () => {
    const counts = { waiting: 5, sent: 1, done: 2, confirmed: 7, expired: 1, skipped: 3, cancelled: 1 };
    expect(tally(counts)).toEqual({
      ...{ ahead: 5, 'under-way': 3, good: 7, bad: 1, 'left-out': 4, total: 20 },
    });
  });

  const times = { askedAt: 1, sentAt: 2, acceptedAt: 3, doneAt: null, endedAt: null };
  const states = (command: Parameters<typeof stepsOf>[0]) => stepsOf(command).map(({ state }) => state);

  it('shows the step that is waited for', () => {
    expect(states({ ...times, state: 'accepted' })).toEqual(['past', 'past', 'past', 'now', 'ahead']);
    expect(states({ ...times, state: 'confirmed', doneAt: 4, endedAt: 5 })).toEqual(Array(5).fill('past'));
  });

  it('shows which step did not come, and which were passed over', () => {
    expect(states({ ...times, state: 'expired', acceptedAt: null, endedAt: 9 })).toEqual([
      ...['past', 'past', 'failed', 'ahead', 'ahead'],
    ]);
    expect(states({ ...times, state: 'confirmed', endedAt: 9 })).toEqual([
      ...['past', 'past', 'past', 'passed-over', 'past'],
    ]);
    expect(states({ ...times, state: 'cancelled', sentAt: null, acceptedAt: null, endedAt: 9 })).toEqual([
      ...['past', 'ahead', 'ahead', 'ahead', 'ahead'],
    ]);
  });
});
