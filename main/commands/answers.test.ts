import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  type CommandDesk,
  commandDeskForEach,
  ivanov,
  POINTS,
  pointIds,
} from '../../tests/support/command-desk.ts';
import { radio, report } from './test-reports.ts';

let desk: CommandDesk;
commandDeskForEach((next) => {
  desk = next;
});

describe('answers', () => {
  it('of another device than was asked change nothing, and are counted', async () => {
    const run = await desk.begin(['ap-1']);
    await desk.beat();
    const requestId = desk.published[0]?.requestId ?? '';
    desk.answer('ap-2', requestId, 'done');
    desk.answer('ap-2', randomUUID(), 'done');
    await desk.beat();
    expect(await desk.states(run)).toEqual({ sent: 1 });
    await expect.poll(() => desk.commands.totals().strange).toBe(2);
    expect(desk.city.logged()).toContain('a device answered a command that it was not given');
  });

  it('that nobody asked for do not fill the log', async () => {
    for (let count = 0; count < 50; count++) desk.answer('ap-2', randomUUID(), 'done');
    await expect.poll(() => desk.commands.totals().strange).toBe(50);
    desk.city.clock.advance(60_000);
    desk.answer('ap-2', randomUUID(), 'done');
    await expect.poll(() => desk.commands.totals().strange).toBe(51);
    expect(desk.city.logged().split('a device answered a command that it was not given')).toHaveLength(3);
    expect(desk.city.logged()).toContain('"answers":50');
  });

  it('do not bring back a stopped run whose end could not be stored yet', async () => {
    const run = await desk.begin(pointIds(POINTS));
    await desk.beat();
    const requestId = desk.published[0]?.requestId ?? '';
    desk.answer('ap-1', requestId, 'accepted');
    await desk.commands.settle();
    desk.world.storing = false;
    desk.restarted('ap-1');
    // It is, and he is told that it might not be for long.
    await expect(desk.commands.halt(ivanov, run.id)).rejects.toMatchObject({ code: 'run-stop-not-stored' });
    await desk.beat();
    await desk.beat(2_000);
    desk.answer('ap-1', requestId, 'done');
    desk.answer('ap-1', requestId, 'reverted');
    await desk.beat(2_000);
    desk.world.storing = true;
    for (let count = 0; count < 4; count++) await desk.beat(2_000);
    expect(await desk.stored(run)).toMatchObject({ state: 'stopped' });
    expect(await desk.states(run)).toEqual({ confirmed: 1, cancelled: POINTS - 1 });
    expect(desk.published).toHaveLength(1);
  });

  it('after the run is over still tell the truth: it did accept, it did take it back', async () => {
    const channel = { kind: 'radio', band: '5', channel: 44, widthMHz: 20 } as const;
    desk.world.reports.set(desk.numOf('ap-1'), { details: report({ radios: [radio('5', 36)] }).details });
    const run = await desk.begin(['ap-1'], channel);
    await desk.beat();
    desk.world.reports.set(desk.numOf('ap-1'), {
      lastSeenAt: desk.city.clock.now() + 1,
      details: report({ radios: [radio('5', 44)], reportedAt: desk.city.clock.now() + 1 }).details,
    });
    await desk.beat();
    await desk.beat();
    expect(await desk.stored(run)).toMatchObject({ state: 'done' });
    expect(await desk.states(run)).toEqual({ confirmed: 1 });
    desk.answer('ap-1', desk.published[0]?.requestId ?? '', 'reverted', 'no way back');
    await expect.poll(() => desk.states(run)).toEqual({ reverted: 1 });
    expect(desk.steps('reverted')[0]?.data).toMatchObject({ deviceReason: 'no way back' });
  });
});
