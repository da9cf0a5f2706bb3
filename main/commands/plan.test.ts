import { describe, expect, it, test } from 'vitest';
import type { CommandSpec } from '../contract/command-spec.ts';
import type { DeviceRecord } from '../devices/types.ts';
import type { LatestReport } from '../health/types.ts';
import { type PlanServices, planDevice } from './plan.ts';
import { refuseBadSpec, revertAfterS, warningsOf } from './spec.ts';
import { device, port, radio, report, ssid } from './test-reports.ts';

const sw = device(1, 'switch');
const ap = device(2, 'ap', { parentId: sw.id });
const far = device(4, 'switch');
const camera = device(3, 'camera', { parentId: sw.id });
const reboot: CommandSpec = { kind: 'reboot' };
const cycle: CommandSpec = { kind: 'poe-cycle', offS: 5 };
const channel: CommandSpec = { kind: 'radio', band: '5', channel: 44, widthMHz: 40 };

/** A switch with a point and a camera, each saying what `reports` has for it. */
function services(
  reports: Record<string, LatestReport> = {},
  more: Partial<PlanServices> = {},
): PlanServices {
  const all: DeviceRecord[] = [sw, ap, camera, far];
  return {
    get: (id) => all.find((one) => one.id === id),
    latest: ({ id }) => reports[id] ?? report(),
    may: () => true,
    conflict: () => undefined,
    below: ({ id }) => (id === sw.id ? [ap, camera] : []),
    ...more,
  };
}

const skipOf = (spec: CommandSpec, one: DeviceRecord, given: PlanServices) =>
  planDevice(spec, one, given).skip;

describe('a device is left out', () => {
  it('without the right, and then nothing is told of it', () => {
    const plan = planDevice(
      channel,
      ap,
      services({ [ap.id]: report({ radios: [radio('5', 36)] }) }, { may: () => false }),
    );
    expect(plan).toMatchObject({ skip: 'no-right', now: null, clients: 0, warnings: [] });
  });

  it.each([
    ['never-seen', report({}, { base: 'never-seen', status: 'never-seen' })],
    ['offline', report({}, { base: 'offline', status: 'offline' })],
    // Maintenance explains everything; beneath it the device is gone all the same.
    ['offline', report({}, { base: 'offline', status: 'maintenance' })],
    ['unknown', report({}, { unknownSince: 1 })],
  ] as const)('when it is %s', (reason, said) => {
    expect(skipOf(reboot, ap, services({ [ap.id]: said }))).toBe(reason);
  });

  it('when it is of a kind that does not do this', () => {
    expect(skipOf(channel, camera, services())).toBe('wrong-kind');
    expect(skipOf(cycle, sw, services())).toBe('wrong-kind');
    expect(skipOf({ kind: 'locate', on: true }, camera, services())).toBe('wrong-kind');
  });

  it('when nobody there takes commands: it speaks another dialect, or shows a stream and says nothing', () => {
    const deaf = report({}, { onlyForeign: true });
    expect(skipOf(reboot, ap, services({ [ap.id]: deaf }))).toBe('takes-none');
    expect(skipOf(reboot, camera, services({ [camera.id]: report({}, { lastSeenAt: null }) }))).toBe(
      'takes-none',
    );
    // Of a power cycle the switch is told, whatever hangs on its port.
    const uplink = { parentId: sw.id, port: '3', mbps: null };
    const hung = { [ap.id]: report({ uplink }, { onlyForeign: true }) };
    expect(skipOf(cycle, ap, services(hung))).toBeNull();
    expect(skipOf(cycle, ap, services({ ...hung, [sw.id]: deaf }))).toBe('takes-none');
  });

  it('when it has no such radio or network, but not while it has said nothing yet', () => {
    const said = services({ [ap.id]: report({ radios: [radio('2.4', 6)], ssids: [ssid('city', true)] }) });
    expect(skipOf(channel, ap, said)).toBe('no-radio');
    expect(skipOf({ kind: 'ssid', ssid: 'guest', enabled: false }, ap, said)).toBe('no-ssid');
    const silent = services({ [ap.id]: report({ reportedAt: Number.NaN }) });
    expect(skipOf(channel, ap, silent)).toBeNull();
  });

  it('when it is so already, power within half a decibel', () => {
    const said = services({
      [ap.id]: report({ radios: [radio('5', 44, 40, 17.6)], ssids: [ssid('city', true)], locating: true }),
    });
    expect(skipOf(channel, ap, said)).toBe('already-so');
    expect(skipOf({ kind: 'radio', band: '5', txPowerDbm: 18 }, ap, said)).toBe('already-so');
    expect(skipOf({ kind: 'radio', band: '5', txPowerDbm: 17 }, ap, said)).toBeNull();
    expect(skipOf({ kind: 'ssid', ssid: 'city', enabled: true }, ap, said)).toBe('already-so');
    expect(skipOf({ kind: 'locate', on: true }, ap, said)).toBe('already-so');
    // Asked for a time, its blinking is prolonged.
    expect(skipOf({ kind: 'locate', on: true, minutes: 10 }, ap, said)).toBeNull();
  });

  it('when one band of a network is on and the other off, it is not so yet', () => {
    const said = services({ [ap.id]: report({ ssids: [ssid('city', true), ssid('city', false)] }) });
    expect(skipOf({ kind: 'ssid', ssid: 'city', enabled: true }, ap, said)).toBeNull();
    expect(skipOf({ kind: 'ssid', ssid: 'city', enabled: false }, ap, said)).toBeNull();
  });

  it('when another command is in the way, also where that made it silent', () => {
    const run = { id: 'r', personName: 'Петрова', spec: reboot };
    const conflict = () => ({ commandId: 'c', num: ap.num, run });
    expect(skipOf(reboot, ap, services({}, { conflict }))).toBe('busy');
    const gone = { [ap.id]: report({}, { base: 'offline' }) };
    expect(skipOf(reboot, ap, services(gone, { conflict }))).toBe('busy');
  });

  it('when a switch would take down what this person may not command', () => {
    const mayPoints = services({}, { may: ({ kind }) => kind !== 'camera' });
    expect(skipOf(reboot, sw, mayPoints)).toBe('no-right-below');
    expect(skipOf({ kind: 'locate', on: true }, sw, mayPoints)).toBeNull();
  });
});

describe('the port that feeds a device', () => {
  const plan = (reports: Record<string, LatestReport>, one = ap) => planDevice(cycle, one, services(reports));

  it('is the one that it names itself', () => {
    const said = { [ap.id]: report({ uplink: { parentId: sw.id, port: '7', mbps: null } }) };
    expect(plan(said)).toMatchObject({ skip: null, port: '7', executor: { id: sw.id } });
    // Moved, and the switch where it hangs now says so too.
    const moved = {
      [ap.id]: report({ uplink: { parentId: far.id, port: '3', mbps: null } }),
      [far.id]: report({ ports: [port('3', ap.id)] }),
    };
    expect(plan(moved)).toMatchObject({ skip: null, port: '3', executor: { id: far.id } });
  });

  it('is the one at which its switch sees it, for a camera that names none', () => {
    expect(
      plan({ [sw.id]: report({ ports: [port('1', ap.id), port('2', camera.id)] }) }, camera),
    ).toMatchObject({
      ...{ skip: null, port: '2', executor: { id: sw.id } },
    });
  });

  it('is found for a device that is down: that is when it is needed', () => {
    const down = report({}, { base: 'offline', status: 'offline' });
    expect(plan({ [ap.id]: down, [sw.id]: report({ ports: [port('1', ap.id)] }) }).skip).toBeNull();
  });

  it.each([
    ['port-unknown', {}],
    ['port-unknown', { [sw.id]: report({ ports: [port('1', null)] }) }],
    // The switch says that a camera hangs where the point thinks it does.
    [
      'port-unclear',
      {
        [ap.id]: report({ uplink: { parentId: null, port: '2', mbps: null } }),
        [sw.id]: report({ ports: [port('2', camera.id)] }),
      },
    ],
    [
      'port-unclear',
      {
        [ap.id]: report({ uplink: { parentId: sw.id, port: '2', mbps: null } }),
        [sw.id]: report({ ports: [port('1', ap.id), port('2', null)] }),
      },
    ],
    ['port-unclear', { [sw.id]: report({ ports: [port('1', ap.id), port('2', ap.id)] }) }],
    // It names a switch of others, which says nothing of it.
    ['port-unclear', { [ap.id]: report({ uplink: { parentId: far.id, port: '3', mbps: null } }) }],
    [
      'port-unclear',
      {
        [ap.id]: report({ uplink: { parentId: far.id, port: '3', mbps: null } }),
        [far.id]: report({ ports: [port('3', null)] }),
      },
    ],
    ['port-unknown', { [ap.id]: report({ uplink: { parentId: sw.id, port: '', mbps: null } }) }],
    ['port-unknown', { [sw.id]: report({ ports: [port('', ap.id)] }) }],
    ['port-without-poe', { [sw.id]: report({ ports: [port('1', ap.id, null)] }) }],
    [
      'port-unknown',
      {
        [ap.id]: report({ uplink: { parentId: sw.id, port: '9', mbps: null } }),
        [sw.id]: report({ ports: [port('1', null)] }),
      },
    ],
    [
      'switch-offline',
      {
        [ap.id]: report({ uplink: { parentId: sw.id, port: '1', mbps: null } }),
        [sw.id]: report({}, { base: 'offline' }),
      },
    ],
  ] as const)('is not switched off when it is in doubt: %s', (reason, reports) => {
    expect(plan(reports).skip).toBe(reason);
  });
});

describe('what is said beforehand', () => {
  it('counts the people and devices that are cut off', () => {
    const said = services({ [ap.id]: report({ clientCount: 12 }), [camera.id]: report() });
    expect(planDevice(reboot, sw, said)).toMatchObject({
      ...{ clients: 12, children: 2, warnings: ['cuts-clients', 'cuts-children'] },
    });
    expect(planDevice(reboot, camera, said)).toMatchObject({ clients: null, children: 0, warnings: [] });
  });

  it('counts only the clients of a network that is switched off, and warns of the last one', () => {
    const said = services({ [ap.id]: report({ ssids: [ssid('city', true, 4), ssid('guest', true, 3)] }) });
    expect(planDevice({ kind: 'ssid', ssid: 'guest', enabled: false }, ap, said)).toMatchObject({
      ...{ clients: 3, warnings: ['cuts-clients'] },
    });
    const alone = services({ [ap.id]: report({ ssids: [ssid('city', true), ssid('guest', false, 0)] }) });
    expect(planDevice({ kind: 'ssid', ssid: 'city', enabled: false }, ap, alone).warnings).toEqual([
      'last-ssid',
    ]);
  });

  it('names maintenance, flapping, suspicion and a wrong clock, and goes on', () => {
    const odd = (more: Partial<LatestReport>) =>
      planDevice(reboot, ap, services({ [ap.id]: report({}, more) }));
    expect(odd({ status: 'maintenance' })).toMatchObject({ skip: null, warnings: ['maintenance'] });
    expect(odd({ status: 'flapping', base: 'suspect' })).toMatchObject({
      skip: null,
      warnings: ['flapping', 'suspect'],
    });
    expect(odd({ skewMs: -45_000 })).toMatchObject({ skip: null, warnings: ['skewed-clock'] });
    expect(odd({ skewMs: 20_000 }).warnings).toEqual([]);
  });
});

test.each([
  [{ kind: 'radio', band: '5' }, 'radio-nothing'],
  [{ kind: 'radio', band: '5', channel: 36 }, 'channel-without-width'],
  [{ kind: 'radio', band: '5', widthMHz: 80 }, 'channel-without-width'],
  [{ kind: 'radio', band: '5', channel: 100, widthMHz: 20 }, 'channel-not-allowed'],
  [{ kind: 'radio', band: '2.4', channel: 6, widthMHz: 80 }, 'channel-not-allowed'],
  [{ kind: 'radio', band: '2.4', txPowerDbm: 21 }, 'power-not-allowed'],
  [{ kind: 'locate', on: false, minutes: 5 }, 'locate-minutes'],
] as const)('%j is refused', (spec, code) => {
  expect(() => refuseBadSpec(spec)).toThrow(expect.objectContaining({ code }));
});

test('a radio says beforehand what holds for its channel, and waits longer where radar is listened for', () => {
  const of = (band: '2.4' | '5' | '6', number: number, widthMHz: 20 | 40 | 160) =>
    ({ kind: 'radio', band, channel: number, widthMHz }) as const;
  expect(warningsOf(of('5', 36, 20))).toEqual(['indoor-only']);
  expect(warningsOf(of('5', 36, 160))).toEqual(['dfs', 'indoor-only']);
  expect(warningsOf(of('2.4', 6, 40))).toEqual(['wide-in-2.4']);
  expect(warningsOf({ kind: 'radio', band: '5', txPowerDbm: 10 })).toEqual([]);
  expect(revertAfterS(of('5', 36, 20))).toBe(90);
  expect(revertAfterS(of('5', 52, 20))).toBe(180);
  expect(revertAfterS({ ...of('5', 52, 20), revertAfterS: 60 })).toBe(60);
});
