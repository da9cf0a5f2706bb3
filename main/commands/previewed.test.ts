import { randomUUID } from 'node:crypto';
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
import type { CommandRequest } from '../contract/command-preview.ts';
import { report } from './test-reports.ts';

let desk: CommandDesk;
commandDeskForEach((next) => {
  desk = next;
});

describe('what was previewed is what runs', () => {
  it('once, for that person, and not for ever', async () => {
    const look = () => desk.commands.preview(ivanov, { command: reboot, target: { deviceIds: ['ap-1'] } });
    const { token } = await look();
    await expect(desk.start(token, {}, petrova)).rejects.toMatchObject({ code: 'preview-gone' });
    await desk.start(token);
    await expect(desk.start(token)).rejects.toMatchObject({ code: 'preview-gone' });
    const later = await look();
    desk.city.clock.advance(5 * 60_000);
    await expect(desk.start(later.token)).rejects.toMatchObject({ code: 'preview-gone' });
  });

  it('the same key twice, even at the same time, is one run', async () => {
    const { token } = await desk.commands.preview(ivanov, {
      command: reboot,
      target: { deviceIds: ['ap-1'] },
    });
    const key = randomUUID();
    const [one, two] = await Promise.all([desk.start(token, { key }), desk.start(token, { key })]);
    const three = await desk.start('x'.repeat(43), { key });
    expect([two.id, three.id]).toEqual([one.id, one.id]);
    expect(await desk.commands.store.runs({ limit: 10 })).toHaveLength(1);
    // Somebody else's key is his own.
    await expect(desk.start('x'.repeat(43), { key }, petrova)).rejects.toMatchObject({
      code: 'preview-gone',
    });
  });

  it('a device has one command of a kind at a time: who is later is told so', async () => {
    const both = await Promise.all(
      [ivanov, petrova].map((viewer) =>
        desk.commands.preview(viewer, { command: reboot, target: { deviceIds: pointIds(2) } }),
      ),
    );
    await desk.start(both[0]?.token ?? '');
    await expect(desk.start(both[1]?.token ?? '', {}, petrova)).rejects.toMatchObject({
      code: 'command-busy',
    });
    const cycle = { kind: 'poe-cycle', offS: 5 } as const;
    const ports = { details: report({ uplink: { parentId: 'sw-1', port: '1', mbps: null } }).details };
    desk.world.reports.set(desk.numOf('ap-1'), ports);
    // Both are restarts; a lamp is not.
    const again = await desk.commands.preview(petrova, { command: cycle, target: { deviceIds: ['ap-1'] } });
    expect(again.devices[0]?.skip).toBe('busy');
    const lamp = await desk.commands.preview(petrova, {
      command: { kind: 'locate', on: true },
      target: { deviceIds: ['ap-1'] },
    });
    expect(lamp.devices[0]?.skip).toBeNull();
  });

  it('nobody floods the city: previews, runs and runs at a time are counted', async () => {
    const asked = pointIds(7).map((id) => desk.begin([id]));
    const begun = await Promise.allSettled(asked);
    expect(begun.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
    await expect(desk.begin(['ap-6'])).rejects.toMatchObject({ code: 'too-many-runs' });
    const look = () => desk.commands.preview(petrova, { command: reboot, target: { deviceIds: ['ap-9'] } });
    for (let count = 0; count < 60; count++) await look();
    await expect(look()).rejects.toMatchObject({ code: 'commands-too-many', params: { seconds: 60 } });
    desk.city.clock.advance(60_000);
    await look();
  });

  it('of a list’s filter takes the points, and what is not to be seen is not found', async () => {
    const byFilter = await desk.commands.preview(ivanov, {
      command: reboot,
      target: { query: { parent: 'sw-1' } },
    });
    expect(byFilter.willRun).toBe(POINTS);
    const byId = await desk.commands.preview(ivanov, {
      command: reboot,
      target: { deviceIds: ['ap-1', 'ap-1', 'nobody'] },
    });
    expect(byId.devices.map(({ id, skip }) => [id, skip])).toEqual([
      ['ap-1', null],
      ['nobody', 'not-found'],
    ]);
  });
});

it('a power cycle is told to the switch and confirmed by the device that hangs there', async () => {
  desk.world.reports.set(desk.numOf('sw-1'), {
    skewMs: 600_000,
    details: report({
      ports: [{ ...{ port: '4', up: true, mbps: 100 }, ...{ poeOn: true, poeWatts: 5, peerId: 'cam-1' } }],
    }).details,
  });
  const cycle: CommandRequest = {
    ...{ command: { kind: 'poe-cycle', offS: 9 }, target: { deviceIds: ['cam-1'] } },
  };
  const shown = await desk.commands.preview(ivanov, cycle);
  expect(shown.devices[0]?.via).toEqual({ id: 'sw-1', name: 'Подвал', port: '4' });
  // Of a switch that he may not see he is told nothing but its number, which the camera names.
  desk.world.hidden = 'sw-1';
  expect((await desk.commands.preview(ivanov, cycle)).devices[0]?.via?.name).toBe('sw-1');
  const run = await desk.start(shown.token);
  await desk.beat();
  expect(desk.published[0]).toMatchObject({
    topic: expect.stringContaining('/switch/sw-1/command'),
    body: {
      id: 'sw-1',
      args: { port: '4', offS: 9, peerId: 'cam-1' },
      expiresTs: desk.city.clock.now() + 720_000,
    },
  });
  // The camera has no say in it.
  desk.answer('cam-1', desk.published[0]?.requestId ?? '', 'rejected');
  desk.answer('sw-1', desk.published[0]?.requestId ?? '', 'done');
  await desk.beat();
  expect(await desk.states(run)).toEqual({ done: 1 });
  desk.restarted('cam-1');
  await desk.beat();
  expect(await desk.states(run)).toEqual({ confirmed: 1 });
  const [command] = await desk.commands.store.commandsOfDevice(desk.numOf('cam-1'), { limit: 10 });
  expect(command).toMatchObject({ executorId: 'sw-1', port: '4', state: 'confirmed' });
});
