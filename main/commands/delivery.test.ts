import { describe, expect, it } from 'vitest';
import { type CommandDesk, commandDeskForEach, ivanov, reboot } from '../../tests/support/command-desk.ts';

let desk: CommandDesk;
commandDeskForEach((next) => {
  desk = next;
});

describe('the broker and the store', () => {
  it('nothing goes out before it is stored', async () => {
    const run = await desk.begin(['ap-1']);
    desk.world.storing = false;
    await desk.beat();
    await desk.beat();
    expect(desk.commands.failingSince()).not.toBeNull();
    expect(desk.published).toHaveLength(0);
    expect(await desk.states(run)).toEqual({ waiting: 1 });
    desk.world.storing = true;
    await desk.beat(1_500);
    expect(desk.commands.failingSince()).toBeNull();
    expect(desk.published).toHaveLength(1);
    expect(await desk.states(run)).toEqual({ sent: 1 });
  });

  it('what the broker does not take is tried again, until it would be too late', async () => {
    const run = await desk.begin(['ap-1'], reboot, { expiresInS: 10 });
    desk.world.brokerDown = true;
    await desk.beat();
    await desk.beat(2_000);
    desk.world.brokerDown = false;
    await desk.beat(1_500);
    expect(desk.published).toHaveLength(1);
    expect(await desk.states(run)).toEqual({ sent: 1 });

    const other = await desk.begin(['ap-2'], reboot, { expiresInS: 10 });
    desk.world.brokerDown = true;
    await desk.beat();
    await desk.beat(11_000);
    desk.world.brokerDown = false;
    await desk.beat(10_000);
    expect(desk.published).toHaveLength(1);
    const [lost] = await desk.commandsOf(other);
    expect(lost).toMatchObject({ state: 'expired', reason: 'not-sent' });
  });

  it('what it does not have yet when the run is stopped never goes out, nor without the right to it', async () => {
    desk.world.brokerDown = true;
    const stopped = await desk.begin(['ap-1']);
    await desk.beat();
    expect(await desk.states(stopped)).toEqual({ sent: 1 });
    await desk.commands.halt(ivanov, stopped.id);
    const withdrawn = await desk.begin(['ap-2']);
    await desk.beat();
    desk.world.allowed.delete('p1');
    desk.world.brokerDown = false;
    await desk.beat(2_000);
    await desk.beat(2_000);
    expect(desk.published).toEqual([]);
    for (const run of [stopped, withdrawn]) expect(await desk.states(run)).toEqual({ cancelled: 1 });
    expect(await desk.stored(withdrawn)).toMatchObject({ state: 'stopped', stateReason: 'right-withdrawn' });
    const [command] = await desk.commandsOf(stopped);
    expect(command).toMatchObject({ reason: 'run-stopped', sentAt: null });
  });

  it('a clock that is set back makes nobody wait longer', async () => {
    const run = await desk.begin(['ap-1'], reboot, { expiresInS: 10 });
    await desk.beat();
    desk.city.clock.jump(-3_600_000);
    await desk.beat(21_000);
    expect(await desk.states(run)).toEqual({ expired: 1 });
  });

  it('while the hub hears nobody, nobody’s time runs out', async () => {
    const run = await desk.begin(['ap-1']);
    await desk.beat();
    desk.world.hearingFor = 0;
    await desk.beat(3_600_000);
    expect(await desk.states(run)).toEqual({ sent: 1 });
    desk.world.hearingFor = 35_000;
    await desk.beat();
    expect(await desk.states(run)).toEqual({ expired: 1 });
  });

  it('what is old is forgotten, the audit log aside', async () => {
    const run = await desk.begin(['ap-1']);
    await desk.beat();
    desk.obey();
    await desk.beat(1_000);
    await desk.beat();
    expect((await desk.stored(run)).state).toBe('done');
    await desk.beat(30 * 86_400_000 + 1_000);
    await expect.poll(() => desk.commands.store.run(run.id)).toBeUndefined();
    expect(await desk.commandsOf(run)).toEqual([]);
  });
});
