import { describe, expect, it } from 'vitest';
import {
  type CommandDesk,
  commandDeskForEach,
  ivanov,
  pointIds,
  reboot,
} from '../../tests/support/command-desk.ts';
import { changesTo } from '../devices/test-changes.ts';
import { radio, report } from './test-reports.ts';

let desk: CommandDesk;
commandDeskForEach((next) => {
  desk = next;
});

const requestOf = (at: number): string => desk.published[at]?.requestId ?? '';

describe('what was counted and turns out otherwise', () => {
  it('a proof that the device took back stops the stages that followed from it', async () => {
    const channel = { kind: 'radio', band: '5', channel: 44, widthMHz: 20 } as const;
    const says = (id: string, number: number) => {
      const now = desk.city.clock.now() + 1;
      const { details } = report({ radios: [radio('5', number)], reportedAt: now });
      desk.world.reports.set(desk.numOf(id), { lastSeenAt: now, details });
    };
    for (const id of pointIds(3)) says(id, 36);
    const run = await desk.begin(pointIds(3), channel);
    await desk.beat();
    says('ap-1', 44);
    await desk.beat();
    await desk.beat();
    expect(await desk.states(run)).toEqual({ confirmed: 1, sent: 2 });
    desk.answer('ap-1', requestOf(0), 'reverted', 'lost the broker');
    await desk.beat();
    expect(await desk.stored(run)).toMatchObject({ state: 'paused', stateReason: 'failures', stage: 1 });
    // A person saw it and goes on: it does not stop him again.
    await desk.commands.resume(ivanov, run.id);
    for (const id of ['ap-2', 'ap-3']) says(id, 44);
    await desk.beat();
    await desk.beat();
    expect(await desk.stored(run)).toMatchObject({ state: 'done' });
    expect(desk.commands.totals().ended).toEqual(
      new Map([
        ['confirmed', 2],
        ['reverted', 1],
      ]),
    );
  });

  it('a failure that a person went on from and that lives after all forgives no other', async () => {
    const run = await desk.begin(pointIds(3), reboot, { expiresInS: 10 });
    await desk.beat();
    await desk.beat(20_000);
    expect(await desk.stored(run)).toMatchObject({ state: 'paused', stateReason: 'failures', stage: 0 });
    await desk.commands.resume(ivanov, run.id);
    await desk.beat();
    const [other] = desk.published.slice(1);
    // The first one answers when its successor was told already.
    desk.answer('ap-1', requestOf(0), 'accepted');
    desk.restarted('ap-1');
    await desk.beat();
    expect(await desk.stored(run)).toMatchObject({ forgiven: 0 });
    desk.answer(desk.deviceOf(other?.topic ?? ''), other?.requestId ?? '', 'rejected');
    await desk.beat();
    await desk.beat();
    expect(await desk.stored(run)).toMatchObject({ state: 'paused', stateReason: 'failures' });
    expect(desk.published).toHaveLength(2);
  });

  it('whoever was left out is no part of the share that may fail', async () => {
    const ids = pointIds(20);
    const run = await desk.begin(ids, reboot, { stopAtFailedPct: 10 });
    for (const total of [1, 2]) {
      await desk.beat();
      await desk.beat();
      expect(desk.published).toHaveLength(total);
      desk.obey(total - 1);
      await desk.beat(1_000);
    }
    // Of the eighteen that are left ten are gone: one failure of eight is more than a tenth.
    for (const id of ids.slice(2, 12))
      desk.world.reports.set(desk.numOf(id), { base: 'offline', details: report().details });
    await desk.beat();
    await desk.beat();
    expect(await desk.states(run)).toEqual({ confirmed: 2, skipped: 10, sent: 8 });
    desk.answer(desk.deviceOf(desk.published[2]?.topic ?? ''), requestOf(2), 'rejected');
    await desk.beat();
    expect(await desk.stored(run)).toMatchObject({ state: 'paused', stateReason: 'failures' });
  });

  it('what still waits for its device to listen when too many failed does not go out until a person goes on', async () => {
    const run = await desk.begin(pointIds(3), reboot, { stopAtFailedPct: 40 });
    await desk.beat();
    desk.obey();
    await desk.beat(1_000);
    desk.world.brokerDown = true;
    await desk.beat();
    expect(await desk.states(run)).toEqual({ confirmed: 1, sent: 2 });
    // One of the two is removed from the city.
    await changesTo(() => desk.city).remove('ap-3');
    await desk.beat();
    await desk.beat();
    expect(await desk.stored(run)).toMatchObject({ state: 'paused', stateReason: 'failures' });
    expect(await desk.states(run)).toEqual({ confirmed: 1, unconfirmed: 1, waiting: 1 });
    desk.world.brokerDown = false;
    await desk.beat(5_000);
    expect(desk.published).toHaveLength(1);
    await desk.commands.resume(ivanov, run.id);
    await desk.beat();
    expect(desk.published.map(({ topic }) => desk.deviceOf(topic))).toEqual(['ap-1', 'ap-2']);
  });
});

describe('a wall clock that is set right', () => {
  it('neither shortens nor prolongs the time that a command has', async () => {
    for (const [at, jump] of [-3_600_000, 3_600_000].entries()) {
      desk.world.brokerDown = true;
      const reportedAt = desk.city.clock.now();
      desk.world.reports.set(desk.numOf(`ap-${at + 1}`), { details: report({ reportedAt }).details });
      await desk.begin([`ap-${at + 1}`], reboot, { expiresInS: 60 });
      await desk.beat();
      desk.city.clock.jump(jump);
      await desk.beat(20_000);
      desk.world.brokerDown = false;
      await desk.beat(1_000);
      expect(desk.published[at]).toMatchObject({
        // By the device's own clock, which nobody set.
        ...{ expiresS: 39, body: { expiresTs: desk.city.clock.now() - jump + 39_000 } },
      });
    }
  });

  it('while the hub was down lets nobody begin what may be old, nor waits for it longer', async () => {
    desk.world.brokerDown = true;
    const run = await desk.begin(['ap-1'], reboot, { expiresInS: 60 });
    await desk.beat();
    await desk.stopHub();
    desk.world.brokerDown = false;
    // Without a battery for its clock, and without a network to ask.
    desk.city.clock.jump(-365 * 86_400_000);
    await desk.startHub();
    await desk.beat(2_000);
    expect(desk.published).toEqual([]);
    expect(await desk.states(run)).toEqual({ sent: 1 });
    await desk.beat(70_000);
    expect(await desk.states(run)).toEqual({ expired: 1 });
  });
});
