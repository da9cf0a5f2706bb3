import { expect, it } from 'vitest';
import { manualClock } from '../base/clock.ts';
import { newId } from '../base/ids.ts';
import type { LiveRun } from './live-run.ts';
import { createSender } from './sender.ts';
import { device, report } from './test-reports.ts';
import type { DeviceCommand } from './types.ts';

it('devices that cannot be heard just now do not keep the others of their stage from their turn', () => {
  const clock = manualClock();
  const points = Array.from({ length: 60 }, (_, num) => device(num, 'ap'));
  const at = clock.now();
  const live: LiveRun = {
    run: {
      ...{ id: newId(at), personId: 'p1', personName: 'Иванов', from: '', spec: { kind: 'reboot' } },
      ...{ reason: '', startedAt: at, expiresInS: 120, stopAtFailedPct: 10, pauseBetweenStages: false },
      ...{ stages: [60], endedAt: null, state: 'running', stateReason: null, stage: 0, stageAt: at },
      forgiven: 0,
    },
    commands: points.map(({ num, id, kind }) => ({
      ...{ id: newId(at), runId: 'r', num, deviceId: id, deviceName: id, deviceKind: kind, askedAt: at },
      ...{ stage: 0, executorId: id, port: null, state: 'waiting', reason: null, deviceReason: null },
      ...{ before: null, after: null, sentAt: null, publishedAt: null, expiresAt: null, acceptedAt: null },
      ...{ doneAt: null, endedAt: null, waitsUntil: null },
    })),
    ...{ paces: new Map(), nextToSend: 0, stageSince: 0, pausedSince: 0 },
  };
  const unexpected = () => {
    throw new Error('not asked for here');
  };
  const sent: string[] = [];
  const skipped: string[] = [];
  const send = createSender({
    ...{ clock, conflict: () => undefined, underWay: () => false, pacer: { look: () => true } },
    steps: {
      ...{ turn: unexpected, pause: unexpected, stop: unexpected, ended: new Map() },
      apply(_live, command, change) {
        Object.assign(command, change);
        sent.push(command.deviceId);
      },
      finish(_live, command: DeviceCommand, state) {
        command.state = state;
        skipped.push(command.deviceId);
      },
    },
    personGate: {
      person: (id) => ({ id, login: id, name: 'Иванов', unit: '', number: '' }),
      may: () => ({ allowed: true }),
    },
    devices: { get: (id) => points.find((one) => one.id === id), byNum: (num) => points[num] },
    // The first thirty are behind a gateway that is away.
    latest: ({ num }) => report({}, num < 30 ? { unknownSince: at } : {}),
    below: () => [],
  });
  for (let beat = 0; beat < 3; beat++) send(live);
  expect(sent).toEqual(points.slice(30).map(({ id }) => id));
  clock.advance(120_000);
  for (let beat = 0; beat < 2; beat++) send(live);
  expect(skipped).toHaveLength(30);
});
