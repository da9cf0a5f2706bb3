import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createEventBus } from '../../base/event-bus.ts';
import type { HubEvents } from '../../contract/hub-events.ts';
import { DiskList } from '../../contract/recording.ts';
import { makeTestCity, type TestCity } from '../../devices/test-city.ts';
import { createRecording } from '../../recording/recording.ts';
import type { Recording } from '../../recording/types.ts';
import { makeTestDesk, type TestDesk } from '../test-desk.ts';
import { recordingDiskRoutes } from './recording-disks.ts';

let city: TestCity;
let desk: TestDesk;
let recording: Recording;
let folder: string;

beforeEach(async () => {
  city = await makeTestCity();
  desk = await makeTestDesk(city);
  folder = join(city.dir, 'disk');
  recording = createRecording({
    ...{ db: city.storage.db, clock: city.clock, log: city.log, defaultDays: 5 },
    bus: createEventBus<HubEvents>((_name, error) => {
      throw error;
    }),
    disks: [{ folder, maxBytes: null, minFreeBytes: 0 }],
    ownDays: async () => new Map(),
    cameraIdOf: () => undefined,
  });
  await recording.start();
  recordingDiskRoutes(desk.app, { recording, audit: desk.audit });
  desk.allow('sysadmin', (action) => action === 'system.configure');
  desk.allow('officer', (action) => action !== 'system.configure');
});
afterEach(async () => {
  await recording.stop();
  await desk.app.close();
  await city.stop();
});

test('disks are shown to who configures the system, and to nobody else', async () => {
  const answer = await desk.as('sysadmin', { method: 'GET', url: '/api/recording/disks' });
  expect(DiskList.parse(answer.json()).disks).toMatchObject([
    { place: 1, state: 'in-use', folder, problem: null },
  ]);
  expect(answer.headers['cache-control']).toBe('no-store');
  expect((await desk.as('officer', { method: 'GET', url: '/api/recording/disks' })).statusCode).toBe(403);
  const taken = await desk.as('officer', { method: 'POST', url: '/api/recording/disks/1/accept' });
  expect(taken.statusCode).toBe(403);
});

test('another disk is taken in only where the known one is missing, and it is on record', async () => {
  const accept = (place: number | string) =>
    desk.as('sysadmin', { method: 'POST', url: `/api/recording/disks/${place}/accept` });
  expect((await accept(1)).json()).toMatchObject({ code: 'disk-is-there' });
  expect((await accept(2)).statusCode).toBe(404);
  expect((await accept('x')).statusCode).toBe(400);
  await rename(folder, `${folder}-gone`);
  await recording.lookAfterDisks();
  expect((await recording.state()).disks).toMatchObject([{ state: 'missing' }]);
  const answer = await accept(1);
  expect(answer.statusCode).toBe(200);
  expect(DiskList.parse(answer.json()).disks).toMatchObject([{ state: 'in-use' }]);
  expect(await desk.recorded()).toMatchObject([
    { kind: 'system.configured', subject: 'recording', data: { place: 1, folder, reason: 'not-mounted' } },
  ]);
  await rm(`${folder}-gone`, { recursive: true });
});
