import { describe, expect, it } from 'vitest';
import { type CommandDesk, commandDeskForEach, reboot } from '../../tests/support/command-desk.ts';
import { createCommandedTimes } from './past-outages.ts';
import { report } from './test-reports.ts';

let desk: CommandDesk;
commandDeskForEach((next) => {
  desk = next;
});

describe('the silence that a command asks for', () => {
  const range = { from: 0, until: Number.MAX_SAFE_INTEGER };
  const times = () =>
    createCommandedTimes(desk.city.storage.db, desk.city.clock)([desk.numOf('ap-1')], range);

  it('is expected from the sending until the effect shows, and of restarts that worked it is kept', async () => {
    const run = await desk.begin(['ap-1'], reboot, { expiresInS: 60 });
    expect(desk.commands.cuttingOff(desk.numOf('ap-1'))).toBeUndefined();
    await desk.beat();
    const from = desk.city.clock.now();
    const sent = { kind: 'reboot', personId: 'p1', personName: 'Иванов', sentAt: from };
    expect(desk.commands.cuttingOff(desk.numOf('ap-1'))).toEqual({ ...sent, until: from + 70_000 });
    expect(desk.commands.cuttingOff(desk.numOf('ap-2'))).toBeUndefined();
    desk.answer('ap-1', desk.published[0]?.requestId ?? '', 'accepted');
    // Four minutes, and three of its desk.world.reports.
    expect(desk.commands.cuttingOff(desk.numOf('ap-1'))?.until).toBe(desk.city.clock.now() + 330_000);
    desk.restarted('ap-1');
    await desk.beat();
    expect(await desk.states(run)).toEqual({ confirmed: 1 });
    expect(desk.commands.cuttingOff(desk.numOf('ap-1'))).toBeUndefined();
    expect((await times()).get(desk.numOf('ap-1'))).toEqual([{ from, until: desk.city.clock.now() }]);
  });

  it('is no longer expected of a device that never came back, nor excused', async () => {
    const run = await desk.begin(['ap-1']);
    await desk.beat();
    desk.answer('ap-1', desk.published[0]?.requestId ?? '', 'accepted');
    desk.world.reports.set(desk.numOf('ap-1'), {
      base: 'offline',
      status: 'offline',
      details: report().details,
    });
    await desk.beat(329_000);
    expect(desk.commands.cuttingOff(desk.numOf('ap-1'))).toBeDefined();
    await desk.beat(1_000);
    expect(await desk.states(run)).toEqual({ failed: 1 });
    expect(desk.commands.cuttingOff(desk.numOf('ap-1'))).toBeUndefined();
    expect((await times()).size).toBe(0);
  });

  it('is asked for by no lamp and no network on air', async () => {
    await desk.begin(['ap-1'], { kind: 'locate', on: true });
    await desk.beat();
    expect(desk.published).toHaveLength(1);
    expect(desk.commands.cuttingOff(desk.numOf('ap-1'))).toBeUndefined();
  });
});
