import { beforeEach, describe, expect, it } from 'vitest';
import {
  type CommandDesk,
  commandDeskForEach,
  ivanov,
  petrova,
  pointIds,
} from '../../tests/support/command-desk.ts';
import type { CommandSpec } from '../contract/command-spec.ts';
import { changesTo } from '../devices/test-changes.ts';
import { port, radio, report, ssid } from './test-reports.ts';

const reboot: CommandSpec = { kind: 'reboot' };
const cycle: CommandSpec = { kind: 'poe-cycle', offS: 5 };
const channel: CommandSpec = { kind: 'radio', band: '5', channel: 44, widthMHz: 20 };
const guestOff: CommandSpec = { kind: 'ssid', ssid: 'guest', enabled: false };
const lamp: CommandSpec = { kind: 'locate', on: true };

let desk: CommandDesk;
commandDeskForEach((next) => {
  desk = next;
});
beforeEach(() => {
  for (const id of pointIds(3)) {
    const said = { radios: [radio('5', 36)], ssids: [ssid('guest', true)] };
    desk.world.reports.set(desk.numOf(id), { details: report(said).details });
  }
  desk.world.reports.set(desk.numOf('sw-1'), { details: report({ ports: [port('1', 'ap-1')] }).details });
});

const look = async (command: CommandSpec, id: string) => {
  const shown = await desk.commands.preview(petrova, { command, target: { deviceIds: [id] } });
  return { token: shown.token, skip: shown.devices[0]?.skip, busyWith: shown.devices[0]?.busyWith };
};

describe('at one point', () => {
  it.each([
    [reboot, channel],
    [channel, cycle],
    [guestOff, reboot],
    [cycle, guestOff],
  ])('beside %j there is no %j, and who asks is told whose it is', async (first, second) => {
    const run = await desk.begin(['ap-1'], first);
    // Before it is sent, and while it is under way.
    for (const state of ['waiting', 'sent']) {
      expect(await desk.states(run)).toEqual({ [state]: 1 });
      expect(await look(second, 'ap-1')).toMatchObject({
        ...{ skip: 'busy', busyWith: { runId: run.id, personName: 'Иванов', spec: first, at: null } },
      });
      await desk.beat();
    }
    expect((await look(second, 'ap-2')).skip).not.toBe('busy');
  });

  it('the lamp blinks beside all of them, and they beside the lamp', async () => {
    await desk.begin(['ap-1'], lamp);
    await desk.begin(['ap-1'], channel);
    await desk.begin(['ap-2'], reboot);
    await desk.begin(['ap-2'], lamp);
    await desk.beat();
    expect(desk.published).toHaveLength(4);
    expect((await look(lamp, 'ap-1')).skip).toBe('busy');
  });

  it('of two operators who looked at the same moment the second is refused, by the name of the first', async () => {
    const views = await Promise.all(
      [reboot, channel].map((command) =>
        desk.commands.preview(petrova, { command, target: { deviceIds: ['ap-1'] } }),
      ),
    );
    const own = await desk.commands.preview(ivanov, { command: cycle, target: { deviceIds: ['ap-1'] } });
    const begun = await Promise.allSettled([
      desk.start(own.token, {}, ivanov),
      ...views.map(({ token }) => desk.start(token, {}, petrova)),
    ]);
    expect(begun.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
    for (const one of begun.slice(1))
      expect(one).toMatchObject({
        reason: { code: 'command-busy', params: { who: 'Иванов', kind: 'poe-cycle' } },
      });
    await desk.beat();
    expect(desk.published).toHaveLength(1);
  });

  it('of a selection the others get it, and of a refused order nothing stays claimed', async () => {
    const both = await desk.commands.preview(petrova, {
      ...{ command: channel, target: { deviceIds: ['ap-1', 'ap-2'] } },
    });
    await desk.begin(['ap-1'], reboot);
    const run = await desk.start(both.token, {}, petrova);
    await desk.beat();
    expect(await desk.states(run)).toEqual({ skipped: 1, sent: 1 });
    expect((await look(reboot, 'ap-2')).busyWith?.runId).toBe(run.id);
    expect((await look(reboot, 'ap-3')).skip).toBeNull();
  });

  it('is over with the command, however it ends, and stands over a restart of the hub', async () => {
    await desk.begin(['ap-1'], reboot);
    await desk.beat();
    await desk.stopHub();
    await desk.startHub();
    expect((await look(channel, 'ap-1')).skip).toBe('busy');
    desk.answer('ap-1', desk.published[0]?.requestId ?? '', 'rejected');
    await desk.beat();
    expect((await look(channel, 'ap-1')).skip).toBeNull();
  });
});

describe('a later stage of a run', () => {
  it('keeps nobody from a point until it is its turn, and waits there for who came before', async () => {
    const run = await desk.begin(['ap-1', 'ap-2'], channel, { expiresInS: 60 });
    const [first, second] = (await desk.commandsOf(run)).map(({ deviceId }) => deviceId);
    await desk.beat();
    const other = await desk.begin([second ?? ''], reboot);
    await desk.beat();
    const now = desk.city.clock.now();
    const { details } = report({ radios: [radio('5', 44)], ssids: [ssid('guest', true)], reportedAt: now });
    desk.world.reports.set(desk.numOf(first ?? ''), { lastSeenAt: now, details });
    await desk.beat();
    await desk.beat(20_000);
    expect(await desk.states(run)).toEqual({ confirmed: 1, waiting: 1 });
    desk.answer(second ?? '', desk.published[1]?.requestId ?? '', 'rejected');
    await desk.beat();
    await desk.beat();
    expect(await desk.states(run)).toEqual({ confirmed: 1, sent: 1 });
    expect(await desk.states(other)).toEqual({ rejected: 1 });
  });

  it('leaves out who is not free in time', async () => {
    const run = await desk.begin(['ap-1', 'ap-2', 'ap-3'], channel, { expiresInS: 30 });
    await desk.begin([(await desk.commandsOf(run))[1]?.deviceId ?? ''], reboot);
    await desk.beat();
    desk.answer(
      desk.deviceOf(desk.published[0]?.topic ?? ''),
      desk.published[0]?.requestId ?? '',
      'rejected',
    );
    await desk.beat();
    await desk.beat();
    await desk.commands.resume(ivanov, run.id);
    for (let second = 0; second < 32; second += 4) await desk.beat(4_000);
    const busy = (await desk.commandsOf(run)).filter(({ reason }) => reason === 'busy');
    expect(busy.map(({ state }) => state)).toEqual(['skipped']);
  });
});

describe('a restart further up', () => {
  it('and what hangs below keep each other out, and those who may not see it learn no name', async () => {
    const below = await desk.begin(['ap-1'], channel);
    expect(await look(reboot, 'sw-1')).toMatchObject({
      ...{ skip: 'busy', busyWith: { runId: below.id, at: { id: 'ap-1' } } },
    });
    await desk.commands.halt(ivanov, below.id);
    const run = await desk.begin(['sw-1'], reboot);
    for (const command of [channel, reboot, cycle, guestOff])
      expect(await look(command, 'ap-1')).toMatchObject({
        ...{ skip: 'busy', busyWith: { runId: run.id, at: { id: 'sw-1', name: 'Подвал' } } },
      });
    expect((await look(lamp, 'ap-1')).skip).toBeNull();
    desk.world.hidden = 'sw-1';
    expect(await look(channel, 'ap-1')).toMatchObject({ skip: 'busy', busyWith: null });
  });

  it('ordered a moment before is told without names to who ordered below it', async () => {
    const { token } = await look(channel, 'ap-1');
    await desk.begin(['sw-1'], reboot);
    await expect(desk.start(token, {}, petrova)).rejects.toMatchObject({ code: 'command-busy-near' });
  });

  it('waits for a power cycle at its ports, though the registry knows nothing of the cable', async () => {
    await changesTo(() => desk.city).add({ id: 'sw-2', kind: 'switch' });
    // Plugged over: it says so, and so does the other switch.
    const uplink = { parentId: 'sw-2', port: '7', mbps: null };
    desk.world.reports.set(desk.numOf('ap-3'), { details: report({ uplink }).details });
    desk.world.reports.set(desk.numOf('sw-2'), { details: report({ ports: [port('7', 'ap-3')] }).details });
    const run = await desk.begin(['ap-3'], cycle);
    await desk.beat();
    expect(desk.deviceOf(desk.published[0]?.topic ?? '')).toBe('sw-2');
    expect((await look(reboot, 'sw-2')).busyWith).toMatchObject({ runId: run.id, at: { id: 'ap-3' } });
    await desk.commands.halt(ivanov, run.id);
    desk.answer('sw-2', desk.published[0]?.requestId ?? '', 'rejected');
    await desk.begin(['sw-2'], reboot);
    expect((await look(cycle, 'ap-3')).busyWith?.at?.id).toBe('sw-2');
  });
});

it('an answer that comes when the point has another command by now brings nothing back', async () => {
  const run = await desk.begin(['ap-1'], reboot, { expiresInS: 10 });
  await desk.beat();
  await desk.beat(20_000);
  expect(await desk.states(run)).toEqual({ expired: 1 });
  const other = await desk.begin(['ap-1'], channel);
  await desk.beat();
  desk.answer('ap-1', desk.published[0]?.requestId ?? '', 'accepted');
  // Its run is over: it is looked up first.
  await expect.poll(() => desk.box.stored()).toBe(true);
  await desk.beat();
  const [late] = await desk.commandsOf(run);
  expect(late).toMatchObject({ state: 'unconfirmed', reason: 'busy' });
  expect(desk.steps('unconfirmed')).toHaveLength(1);
  expect(await desk.states(other)).toEqual({ sent: 1 });
  expect((await look(reboot, 'ap-1')).busyWith?.runId).toBe(other.id);
});
