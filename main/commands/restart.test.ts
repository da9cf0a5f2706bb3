import { describe, expect, it } from 'vitest';
import {
  type CommandDesk,
  commandDeskForEach,
  ivanov,
  POINTS,
  pointIds,
  reboot,
} from '../../tests/support/command-desk.ts';
import { report } from './test-reports.ts';
import type { Run } from './types.ts';

let desk: CommandDesk;
commandDeskForEach((next) => {
  desk = next;
});

it('a hub that was killed goes on where it was, and sends nothing twice', async () => {
  const run = await desk.begin(pointIds(POINTS));
  await desk.beat();
  desk.obey();
  await desk.beat(1_000);
  desk.world.brokerDown = true;
  await desk.beat();
  expect(await desk.states(run)).toEqual({ confirmed: 1, sent: 1, waiting: 18 });
  await desk.stopHub();
  // An answer that came while the last hub ended and was in its journal.
  desk.answer('ap-1', desk.published[0]?.requestId ?? '', 'done');
  expect(desk.box.stored()).toBe(false);
  desk.world.brokerDown = false;
  desk.world.reports.set(desk.numOf('ap-2'), { unknownSince: 1, details: report().details });
  await desk.startHub();
  await desk.beat();
  // It was not heard yet: whatever went out now would be lost.
  expect(desk.published).toHaveLength(1);
  desk.world.reports.delete(desk.numOf('ap-2'));
  await desk.beat(2_000);
  expect(desk.published.map(({ topic }) => desk.deviceOf(topic))).toEqual(['ap-1', 'ap-2']);
  await desk.stopHub();
  await desk.startHub();
  await desk.beat();
  await desk.beat(5_000);
  expect(desk.published).toHaveLength(2);
  desk.obey(1);
  await desk.beat(1_000);
  await desk.beat();
  await desk.beat();
  expect(desk.published).toHaveLength(POINTS);
  desk.obey(2);
  await desk.beat(1_000);
  await desk.beat();
  expect(await desk.stored(run)).toMatchObject({ state: 'done' });
  expect(desk.box.stored()).toBe(true);
});

describe('of a broker that forgets with the hub', () => {
  /** Commands to these points are with the broker, and the hub is killed before anybody answered. */
  async function killedAfter(ids: string[]): Promise<Run> {
    desk.world.keeps = false;
    const run = await desk.begin(ids);
    await desk.beat();
    await desk.stopHub();
    desk.world.listening = false;
    return run;
  }

  it('the new hub tells it once more, once somebody listens, and only once', async () => {
    const run = await killedAfter(['ap-1']);
    await desk.startHub();
    await desk.beat();
    expect(desk.published).toHaveLength(1);
    desk.world.listening = true;
    for (let count = 0; count < 5; count++) await desk.beat(2_000);
    expect(desk.published).toHaveLength(2);
    expect(desk.published[1]).toEqual({ ...desk.published[0], expiresS: desk.published[1]?.expiresS });
    desk.answer('ap-1', desk.published[0]?.requestId ?? '', 'accepted');
    await desk.beat();
    await desk.stopHub();
    await desk.startHub();
    await desk.beat(2_000);
    expect(desk.published).toHaveLength(2);
    expect(await desk.states(run)).toEqual({ accepted: 1 });
  });

  it.each([
    ['its time is over', () => desk.city.clock.advance(120_000)],
    [
      'its answer waits in the journal',
      () => desk.answer('ap-1', desk.published[0]?.requestId ?? '', 'done'),
    ],
    ['its effect shows', () => desk.restarted('ap-1')],
    ['whoever ordered it may no more', () => desk.world.allowed.delete('p1')],
  ])('not when %s', async (_why, happens) => {
    await killedAfter(['ap-1']);
    happens();
    await desk.startHub();
    await desk.commands.settle();
    desk.world.listening = true;
    await expect.poll(() => desk.box.stored()).toBe(true);
    await desk.beat();
    await desk.beat(2_000);
    expect(desk.published).toHaveLength(1);
  });

  it('not what a person stopped before the restart, nor after it', async () => {
    desk.world.keeps = false;
    const before = await desk.begin(['ap-1']);
    await desk.beat();
    await desk.commands.halt(ivanov, before.id);
    const after = await killedAfter(['ap-2']);
    await desk.startHub();
    await desk.beat();
    await desk.commands.halt(ivanov, after.id);
    desk.world.listening = true;
    await desk.beat(2_000);
    expect(desk.published).toHaveLength(2);
    // It may have them: an answer is still waited for.
    for (const run of [before, after]) expect(await desk.states(run)).toEqual({ sent: 1 });
  });

  it('nothing is given away for nobody to hear', async () => {
    desk.world.keeps = false;
    desk.world.listening = false;
    const run = await desk.begin(['ap-1'], reboot, { expiresInS: 30 });
    await desk.beat();
    await desk.beat(20_000);
    expect(desk.published).toEqual([]);
    desk.world.listening = true;
    await desk.beat();
    expect(desk.published).toHaveLength(1);
    expect(await desk.states(run)).toEqual({ sent: 1 });
  });
});
