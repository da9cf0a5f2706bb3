import { describe, expect, it } from 'vitest';
import {
  type CommandDesk,
  commandDeskForEach,
  ivanov,
  POINTS,
  petrova,
  pointIds,
  reboot,
} from '../../tests/support/command-desk.ts';
import { report } from './test-reports.ts';

let desk: CommandDesk;
commandDeskForEach((next) => {
  desk = next;
});

describe('a run', () => {
  it('tells one device, a tenth, all: each stage waits until the one before is confirmed', async () => {
    const run = await desk.begin(pointIds(POINTS));
    expect(run.stages).toEqual([1, 1, 18]);
    for (const total of [1, 2, 20]) {
      await desk.beat();
      await desk.beat();
      expect(desk.published).toHaveLength(total);
      desk.obey();
      await desk.beat(1_000);
    }
    await desk.beat();
    expect(await desk.states(run)).toEqual({ confirmed: POINTS });
    expect(await desk.stored(run)).toMatchObject({ state: 'done', stateReason: null });
    expect(new Set(desk.published.map(({ requestId }) => requestId)).size).toBe(POINTS);
    expect(desk.published[0]).toMatchObject({
      ...{ topic: 'kalancha/v1/moscow/6b/ap/ap-1/command', expiresS: 120 },
      body: { v: 1, id: 'ap-1', kind: 'reboot', args: {} },
    });
    // Each step is on record, by whom and for which device.
    expect(desk.recorded[0]).toMatchObject({
      kind: 'command.asked',
      person: { id: 'p1' },
      from: '10.0.0.1',
      subject: run.id,
    });
    for (const state of ['sent', 'accepted', 'confirmed']) expect(desk.steps(state)).toHaveLength(POINTS);
    expect(desk.steps('sent')[0]).toMatchObject({ person: { id: 'p1' }, subject: 'ap-1' });
    expect(desk.steps('confirmed')[0]?.person).toBeNull();
    expect(desk.told.some(({ runId, nums }) => runId === run.id && nums.includes(desk.numOf('ap-1')))).toBe(
      true,
    );
  });

  it('begins with a device that is well and disturbs the fewest', async () => {
    for (const [at, id] of pointIds(3).entries())
      desk.world.reports.set(desk.numOf(id), { details: report({ clientCount: 9 - at }).details });
    // Nobody is on it, but its word is worth little: no proof for the others.
    desk.world.reports.set(desk.numOf('ap-4'), {
      base: 'bad-data',
      status: 'bad-data',
      details: report({ clientCount: 0 }).details,
    });
    const preview = await desk.commands.preview(ivanov, {
      command: reboot,
      target: { deviceIds: pointIds(4) },
    });
    expect(preview.devices.map(({ id, clients }) => [id, clients])).toEqual([
      ['ap-3', 7],
      ['ap-2', 8],
      ['ap-1', 9],
      ['ap-4', 0],
    ]);
    expect(preview).toMatchObject({ willRun: 4, skipped: 0, clients: 24, stages: [1, 3] });
  });

  it('stops when the first device fails, and goes on or ends at a person’s word', async () => {
    const run = await desk.begin(pointIds(POINTS));
    await desk.beat();
    desk.answer('ap-1', desk.published[0]?.requestId ?? '', 'rejected', 'busy with 00:11:22:33:44:55');
    await desk.beat();
    await desk.beat();
    expect(await desk.stored(run)).toMatchObject({ state: 'paused', stateReason: 'failures' });
    expect(desk.published).toHaveLength(1);
    const [first] = await desk.commandsOf(run);
    expect(first).toMatchObject({ state: 'rejected', deviceReason: 'busy with 00:11:22:xx:xx:xx' });

    desk.told.length = 0;
    await desk.commands.resume(petrova, run.id);
    // Whoever sees one of its devices is told, though nothing happened at any of them.
    expect(desk.told.flatMap(({ nums }) => nums)).toContain(desk.numOf('ap-9'));
    await desk.beat();
    await desk.beat();
    expect(desk.published).toHaveLength(2);
    await desk.commands.halt(petrova, run.id);
    expect(await desk.stored(run)).toMatchObject({ state: 'stopped', stateReason: 'person' });
    // What is under way is not called back, and still believed.
    desk.obey(1);
    await desk.beat();
    expect(await desk.states(run)).toEqual({ rejected: 1, confirmed: 1, cancelled: 18 });
    expect(
      desk.recorded
        .filter(({ kind }) => kind === 'command.run')
        .map(({ data, person }) => [data.state, person?.id]),
    ).toEqual([
      ['paused', undefined],
      ['running', 'p2'],
      ['stopped', 'p2'],
    ]);
    await expect(desk.commands.halt(ivanov, run.id)).rejects.toMatchObject({ code: 'run-over' });
    await expect(desk.commands.resume(ivanov, run.id)).rejects.toMatchObject({ code: 'run-not-paused' });
  });

  it('waits for a person between its stages when it was asked to', async () => {
    const run = await desk.begin(pointIds(2), reboot, { pauseBetweenStages: true });
    await desk.beat();
    desk.obey();
    await desk.beat(1_000);
    expect(await desk.stored(run)).toMatchObject({ state: 'paused', stateReason: 'stage-ended', stage: 1 });
    await desk.beat(60_000);
    expect(desk.published).toHaveLength(1);
    await desk.commands.resume(ivanov, run.id);
    await desk.beat();
    expect(desk.published).toHaveLength(2);
  });

  it('that everybody forgot is stopped after a day', async () => {
    const run = await desk.begin(pointIds(2), reboot, { pauseBetweenStages: true });
    await desk.beat();
    desk.obey();
    await desk.beat(1_000);
    await desk.beat(24 * 3_600_000 + 1);
    expect(await desk.stored(run)).toMatchObject({ state: 'stopped', stateReason: 'forgotten' });
    expect(await desk.states(run)).toEqual({ confirmed: 1, cancelled: 1 });
  });

  it('takes another device for the proof when the first is gone by then', async () => {
    const run = await desk.begin(pointIds(POINTS));
    desk.world.reports.set(desk.numOf('ap-1'), {
      base: 'offline',
      status: 'offline',
      details: report().details,
    });
    await desk.beat();
    await desk.beat();
    expect(desk.published.map(({ topic }) => desk.deviceOf(topic))).toEqual(['ap-2']);
    expect(await desk.states(run)).toMatchObject({ skipped: 1, sent: 1, waiting: 18 });
    expect((await desk.stored(run)).stages).toEqual([2, 0, 18]);
  });

  it('ends at a right that was withdrawn in the middle, or with the account', async () => {
    const run = await desk.begin(pointIds(POINTS));
    await desk.beat();
    desk.obey();
    desk.world.allowed.delete('p1');
    await desk.beat(1_000);
    await desk.beat();
    expect(await desk.stored(run)).toMatchObject({ state: 'stopped', stateReason: 'right-withdrawn' });
    expect(await desk.states(run)).toEqual({ confirmed: 1, cancelled: 19 });
    expect(desk.published).toHaveLength(1);
  });
});

describe('a run at whose devices too many failed', () => {
  it('and that has nobody left to go on with is over, and asks nobody', async () => {
    const run = await desk.begin(['ap-1']);
    await desk.beat();
    desk.answer('ap-1', desk.published[0]?.requestId ?? '', 'rejected');
    await desk.beat();
    await desk.beat();
    const over = await desk.stored(run);
    expect(over).toMatchObject({ state: 'stopped', stateReason: 'failures' });
    expect(over.endedAt).not.toBeNull();
    expect(desk.recorded.at(-1)).toMatchObject({ kind: 'command.run', person: null, subject: run.id });
    // Nor does it count among the runs that he has under way.
    for (const id of pointIds(7).slice(1)) {
      await desk.begin([id]);
      await desk.beat();
      desk.answer(id, desk.published.at(-1)?.requestId ?? '', 'rejected');
      await desk.beat();
      await desk.beat();
    }
  });

  it('waits for what is under way before it is over', async () => {
    const run = await desk.begin(pointIds(3));
    await desk.beat();
    desk.obey();
    await desk.beat(1_000);
    await desk.beat();
    desk.answer(
      desk.deviceOf(desk.published[1]?.topic ?? ''),
      desk.published[1]?.requestId ?? '',
      'rejected',
    );
    await desk.beat();
    await desk.beat();
    expect(await desk.stored(run)).toMatchObject({ state: 'paused', endedAt: null });
    desk.obey(2);
    await desk.beat(1_000);
    expect(await desk.stored(run)).toMatchObject({ state: 'stopped', stateReason: 'failures' });
    expect(await desk.states(run)).toEqual({ confirmed: 2, rejected: 1 });
  });
});
