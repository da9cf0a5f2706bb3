import { afterEach, beforeEach, expect, it } from 'vitest';
import { newId } from '../../base/ids.ts';
import { createCommandStore } from '../../commands/store.ts';
import type { DeviceCommand, Run } from '../../commands/types.ts';
import type { CommandRun } from '../../contract/command-runs.ts';
import { startTestHub, type TestHub } from './access-test-hub.ts';
import { commandRoutes } from './commands.ts';

let hub: TestHub;
let run: Run;

const notAsked = () => Promise.reject(new Error('not asked for here'));

const command = (num: number, deviceId: string, more: Partial<DeviceCommand>): DeviceCommand => ({
  ...{ id: newId(hub.clock.now()), runId: run.id, num, deviceId, deviceName: deviceId, deviceKind: 'camera' },
  ...{ executorId: deviceId, port: null, stage: 0, askedAt: run.startedAt, state: 'confirmed', reason: null },
  ...{ deviceReason: null, before: null, after: null, sentAt: null, publishedAt: null, expiresAt: null },
  ...{ acceptedAt: null, doneAt: null, endedAt: run.startedAt, waitsUntil: null, ...more },
});

beforeEach(async () => {
  hub = await startTestHub();
  const store = createCommandStore(hub.storage.db);
  commandRoutes(hub.app, {
    ...{ gate: hub.access.gate, devices: hub.devices },
    commands: { store, preview: notAsked, start: notAsked, resume: notAsked, halt: notAsked },
  });
  const now = hub.clock.now();
  run = {
    ...{ id: newId(now), personId: 'somebody', personName: 'Иванов', from: '', spec: { kind: 'reboot' } },
    ...{ reason: '', startedAt: now, expiresInS: 120, stopAtFailedPct: 10, pauseBetweenStages: false },
    ...{ stages: [1, 1, 1], endedAt: null, state: 'running', stateReason: null, stage: 2, stageAt: now },
    forgiven: 0,
  };
  await hub.storage.db
    .transaction()
    .execute((trx) =>
      store.add(trx, run, newId(now), [
        command(1, 'camera-1', {}),
        command(2, 'camera-2', { stage: 1, state: 'failed', reason: 'gone' }),
        command(3, 'camera-3', { stage: 2, state: 'waiting', endedAt: null }),
      ]),
    );
});
afterEach(() => hub.stop());

it('of a run everybody sees his own devices alone: in counts, stages and names', async () => {
  const admin = await hub.admin();
  for (const [login, scope] of [
    ['all', null],
    ['cao', 'cao'],
    ['one', 'sao'],
    ['nobody', 'none'],
  ] as const) {
    const { id } = await hub.person(admin, login);
    if (scope !== 'none')
      await hub.grant(
        admin,
        id,
        'police-officer',
        scope === null ? {} : { scope: { type: 'okrug', id: scope } },
      );
  }
  const see = async (login: string) => {
    const cookie = await hub.signIn(login);
    const list = (await hub.call(cookie, 'GET', '/api/commands')).body as { items: CommandRun[] };
    const devices = (await hub.call(cookie, 'GET', `/api/commands/${run.id}/devices`)).body as {
      items?: { deviceId: string }[];
      total?: number;
    };
    return {
      runs: list.items.map(({ counts, stages, mine, device }) => ({ counts, stages, mine, device })),
      ...{ devices: devices.items?.map(({ deviceId }) => deviceId), total: devices.total },
    };
  };
  expect(await see('all')).toEqual({
    runs: [{ counts: { confirmed: 1, failed: 1, waiting: 1 }, stages: [1, 1, 1], mine: false, device: null }],
    ...{ devices: ['camera-1', 'camera-2', 'camera-3'], total: 3 },
  });
  expect(await see('cao')).toEqual({
    runs: [{ counts: { confirmed: 1, failed: 1 }, stages: [1, 1, 0], mine: false, device: null }],
    ...{ devices: ['camera-1', 'camera-2'], total: 2 },
  });
  // Of one single device it says which.
  expect(await see('one')).toEqual({
    runs: [
      {
        ...{ counts: { waiting: 1 }, stages: [0, 0, 1], mine: false },
        device: { id: 'camera-3', name: 'camera-3' },
      },
    ],
    ...{ devices: ['camera-3'], total: 1 },
  });
  expect(await see('nobody')).toEqual({ runs: [], devices: undefined, total: undefined });
});
