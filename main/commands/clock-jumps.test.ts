import { describe, expect, it } from 'vitest';
import { type CommandDesk, commandDeskForEach } from '../../tests/support/command-desk.ts';
import type { Details } from '../health/details.ts';
import { ANSWER_GRACE_MS } from './life.ts';
import { radio, report, ssid } from './test-reports.ts';

const HOUR = 3_600_000;
const channel = { kind: 'radio', band: '5', channel: 44, widthMHz: 20, revertAfterS: 90 } as const;
const reboot = { kind: 'reboot' } as const;

let desk: CommandDesk;
commandDeskForEach((next) => {
  desk = next;
});

const requestTo = (id: string): string =>
  desk.published.find(({ topic }) => desk.deviceOf(topic) === id)?.requestId ?? '';

/** The device reports, stamped with the clock as it stands. */
function says(id: string, details: Partial<Details>, session = 1): void {
  const now = desk.city.clock.now();
  desk.world.reports.set(desk.numOf(id), {
    ...{ session, lastSeenAt: now },
    details: report({ reportedAt: now, ...details }).details,
  });
}

async function stateOf(id: string) {
  const [command] = await desk.commands.store.commandsOfDevice(desk.numOf(id), { limit: 1 });
  return command?.state;
}
const statesOf = (ids: string[]) => Promise.all(ids.map(stateOf));

const DEVICES = ['ap-1', 'ap-2', 'ap-3', 'ap-4'];

/** A restart that is asked, sent, accepted and done when the clock is set. */
async function atEachStage(jump: number): Promise<void> {
  for (const id of DEVICES) says(id, { uptimeS: 100 });
  for (const id of DEVICES.slice(1)) await desk.begin([id], reboot, { expiresInS: 60 });
  await desk.beat();
  desk.answer('ap-3', requestTo('ap-3'), 'accepted');
  desk.answer('ap-4', requestTo('ap-4'), 'done');
  await desk.begin(['ap-1'], reboot, { expiresInS: 60 });
  desk.city.clock.jump(jump);
  await desk.beat();
  expect(await statesOf(DEVICES)).toEqual(['sent', 'sent', 'accepted', 'done']);
}

describe.each([
  ['back by hours', -3 * HOUR],
  ['back by a minute', -60_000],
  ['forward by a minute', 60_000],
  ['forward by hours', 3 * HOUR],
])('a wall clock that is set %s', (_which, jump) => {
  it('confirms nothing of a device that goes on, and what it does show at once', async () => {
    await atEachStage(jump);
    desk.city.clock.advance(30_000);
    for (const id of DEVICES) says(id, { uptimeS: 130 });
    await desk.beat();
    expect(await statesOf(DEVICES)).toEqual(['sent', 'sent', 'accepted', 'done']);
    desk.city.clock.advance(20_000);
    // Longer up than before the command, and yet begun after it.
    for (const id of DEVICES) says(id, { uptimeS: 20 }, 2);
    await desk.beat();
    expect(await statesOf(DEVICES)).toEqual(DEVICES.map(() => 'confirmed'));
  });

  it('neither shortens nor prolongs what is waited, nor makes a device gone that is there', async () => {
    await atEachStage(jump);
    const [left] = await desk.commands.store.commandsOfDevice(desk.numOf('ap-2'), { limit: 1 });
    // As people are shown it, and as the next hub would take it up.
    expect(left?.waitsUntil).toBe(desk.city.clock.now() + 60_000 + ANSWER_GRACE_MS - 250);
    desk.city.clock.advance(60_000 + ANSWER_GRACE_MS - 501);
    await desk.beat();
    expect(await statesOf(DEVICES)).toEqual(['sent', 'sent', 'accepted', 'done']);
    await desk.beat(251);
    expect(await statesOf(DEVICES)).toEqual(['expired', 'expired', 'accepted', 'done']);
    for (const id of DEVICES) says(id, { uptimeS: 170 });
    await desk.beat(330_000 - 70_500);
    expect(await statesOf(DEVICES)).toEqual(['expired', 'expired', 'accepted', 'done']);
    await desk.beat(1_000);
    expect(await statesOf(DEVICES)).toEqual(['expired', 'expired', 'unconfirmed', 'unconfirmed']);
  });

  it('takes no radio for one that took its change back before its time, and each that did', async () => {
    says('ap-1', { radios: [radio('5', 36)] });
    await desk.begin(['ap-1'], channel);
    await desk.beat();
    desk.answer('ap-1', requestTo('ap-1'), 'accepted');
    await desk.beat();
    desk.city.clock.jump(jump);
    await desk.beat(80_000);
    says('ap-1', { radios: [radio('5', 36)] });
    await desk.beat();
    expect(await stateOf('ap-1')).toBe('accepted');
    await desk.beat(10_000);
    says('ap-1', { radios: [radio('5', 36)] });
    await desk.beat();
    expect(await stateOf('ap-1')).toBe('reverted');
  });

  it('hides no network and no lamp that a report shows', async () => {
    says('ap-1', { ssids: [ssid('guest', true)], locating: false });
    await desk.begin(['ap-1'], { kind: 'ssid', ssid: 'guest', enabled: false });
    await desk.begin(['ap-1'], { kind: 'locate', on: true });
    await desk.beat();
    desk.city.clock.jump(jump);
    await desk.beat();
    says('ap-1', { ssids: [ssid('guest', false)], locating: true });
    await desk.beat();
    const all = await desk.commands.store.commandsOfDevice(desk.numOf('ap-1'), { limit: 9 });
    expect(all.map(({ state }) => state)).toEqual(['confirmed', 'confirmed']);
  });

  it('while the hub is away confirms nothing of a device that goes on, and believes what comes after it', async () => {
    for (const id of ['ap-1', 'ap-2']) says(id, { uptimeS: 100 });
    await desk.begin(['ap-1'], reboot);
    await desk.begin(['ap-2'], reboot);
    await desk.beat();
    for (const id of ['ap-1', 'ap-2']) desk.answer(id, requestTo(id), 'accepted');
    await desk.beat();
    await desk.stopHub();
    desk.city.clock.jump(jump);
    await desk.startHub();
    for (const id of ['ap-1', 'ap-2']) says(id, { uptimeS: 130 });
    desk.world.hearingFor = 0;
    await desk.beat(30_000);
    expect(await statesOf(['ap-1', 'ap-2'])).toEqual(['accepted', 'accepted']);
    says('ap-1', { uptimeS: 10 });
    await desk.beat();
    expect(await stateOf('ap-1')).toBe('confirmed');
    // It waits no longer than it would have, had nobody set the clock.
    desk.world.hearingFor = 60_000;
    says('ap-2', { uptimeS: 200 });
    await desk.beat(330_000);
    expect(await stateOf('ap-2')).toBe('unconfirmed');
  });
});
