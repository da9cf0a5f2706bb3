import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Threshold, ThresholdInput } from '../../contract/thresholds.ts';
import { makeTestCity, type TestCity, testDevice } from '../../devices/test-city.ts';
import type { PreviewRequest } from '../../history/preview.ts';
import { makeTestDesk, type TestDesk } from '../test-desk.ts';
import { thresholdRoutes } from './thresholds.ts';

const hot: ThresholdInput = {
  ...{
    kind: 'camera',
    metric: 'temperature',
    side: 'above',
    raise: 80,
    clear: 75,
    reports: 2,
    enabled: true,
  },
};
let city: TestCity;
let desk: TestDesk;
let all: Threshold[];
const asked: PreviewRequest[] = [];
/** What the history waits for before it answers. */
let answering: Promise<void>;

beforeEach(async () => {
  city = await makeTestCity();
  const given = [
    { id: 'cam-1' },
    { id: 'cam-2', districtId: 'kuntsevo' },
    { id: 'ap-1', kind: 'ap' as const },
  ];
  await city.devices.seed([], [], given.map(testDevice));
  desk = await makeTestDesk(city);
  all = [{ ...hot, id: 't1' }];
  asked.length = 0;
  answering = Promise.resolve();
  thresholdRoutes(desk.app, {
    ...{ gate: desk.gate, audit: desk.audit, devices: city.devices, now: city.clock.now },
    health: {
      thresholds: () => all,
      async setThresholds(inputs, record) {
        await city.storage.db.transaction().execute(record);
        all = inputs.map((input, index) => ({ ...input, id: `t${index}` }));
        return all;
      },
    },
    history: {
      async preview(request) {
        asked.push(request);
        await answering;
        return { devices: 1, raised: 3, ms: 7_200_000, since: request.to - 86_400_000 };
      },
    },
  });
  desk.allow('technician', (action, device) => action === 'device.view' && device?.districtId !== 'kuntsevo');
  desk.allow('administrator', (action) => action === 'system.configure' || action === 'device.view');
});
afterEach(async () => {
  await desk.app.close();
  await city.stop();
});

const send = (person: string, method: 'GET' | 'PUT' | 'POST', url: string, payload?: object) =>
  desk.as(person, { method, url, ...(payload ? { payload } : {}) });

it('are changed by who configures the system, on record, and not by a mistake', async () => {
  expect((await send('technician', 'GET', '/api/thresholds')).json()).toEqual(all);
  expect((await send('technician', 'PUT', '/api/thresholds', [hot])).statusCode).toBe(403);
  for (const broken of [[], [hot, hot], [{ ...hot, clear: 99 }], [{ ...hot, metric: 'wishes' }]])
    expect((await send('administrator', 'PUT', '/api/thresholds', broken)).statusCode).toBe(400);
  const answer = await send('administrator', 'PUT', '/api/thresholds', [{ ...hot, raise: 90 }]);
  expect(answer.json()).toMatchObject([{ raise: 90 }]);
  expect((await desk.recorded()).filter(({ kind }) => kind === 'system.configured')).toHaveLength(1);
});

it('are refused for what such devices never measure', async () => {
  const never: ThresholdInput[] = [
    { ...hot, kind: 'ap' },
    { ...hot, kind: 'ap', metric: 'channel-5' },
  ];
  for (const one of never) {
    const refused = { code: 'threshold-metric', params: { kind: 'ap', metric: one.metric } };
    const stored = await send('administrator', 'PUT', '/api/thresholds', [hot, one]);
    expect([stored.statusCode, stored.json()]).toMatchObject([422, refused]);
    const previewed = await send('administrator', 'POST', '/api/thresholds/preview', one);
    expect([previewed.statusCode, previewed.json()]).toMatchObject([422, refused]);
  }
  expect(all).toEqual([{ ...hot, id: 't1' }]);
  expect(asked).toEqual([]);
});

it('are previewed over the devices that the person may see', async () => {
  const answer = await send('technician', 'POST', '/api/thresholds/preview', hot);
  expect(answer.json()).toEqual({ looked: 1, all: 1, devices: 1, raised: 3, hours: 2, days: 1 });
  expect(asked).toMatchObject([
    { nums: [city.devices.get('cam-1')?.num], metric: 'temperature', raise: 80, clear: 75 },
  ]);
});

it('are previewed a few at a time: the history has other work', async () => {
  let answer: () => void = () => undefined;
  answering = new Promise((resolve) => {
    answer = resolve;
  });
  const preview = () => send('technician', 'POST', '/api/thresholds/preview', hot);
  const waiting = [preview(), preview()];
  await expect.poll(() => asked.length).toBe(2);
  const refused = await preview();
  expect([refused.statusCode, refused.json()]).toMatchObject([503, { code: 'history-busy' }]);
  answer();
  for (const one of await Promise.all(waiting)) expect(one.statusCode).toBe(200);
  expect((await preview()).statusCode).toBe(200);
});
