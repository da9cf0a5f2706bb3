import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeTestCity, type TestCity, testDevice } from '../../devices/test-city.ts';
import type { ChartRequest } from '../../history/chart.ts';
import { makeTestDesk, type TestDesk } from '../test-desk.ts';
import { historyRoutes } from './history.ts';

let city: TestCity;
let desk: TestDesk;
const asked: ChartRequest[] = [];
beforeEach(async () => {
  city = await makeTestCity();
  await city.devices.seed([], [], [{ id: 'ap-1', kind: 'ap' as const }, { id: 'cam-1' }].map(testDevice));
  desk = await makeTestDesk(city);
  asked.length = 0;
  historyRoutes(desk.app, {
    history: {
      async chart(request) {
        asked.push(request);
        const avg = [1.5, null];
        return {
          stepMs: 300_000,
          resolutionMs: 0,
          series: [{ metric: 'clients', unit: 'count', avg, min: avg, max: avg }],
        };
      },
    },
  });
  desk.allow('technician', (action) => action === 'device.view');
  desk.allow('nobody', () => false);
});
afterEach(async () => {
  await desk.app.close();
  await city.stop();
});

const get = (person: string, query: string, id = 'ap-1') =>
  desk.as(person, { method: 'GET', url: `/api/devices/${id}/history?${query}` });

describe('charts of a device', () => {
  it('are drawn for who may see the device', async () => {
    const answer = await get('technician', 'metrics=clients&from=1000&to=601000&points=2');
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toMatchObject({
      id: 'ap-1',
      stepMs: 300_000,
      series: [{ metric: 'clients', avg: [1.5, null] }],
    });
    expect(asked).toEqual([
      { num: city.devices.get('ap-1')?.num, metrics: ['clients'], from: 1_000, to: 601_000, points: 2 },
    ]);
    expect((await get('nobody', 'metrics=clients&from=1000&to=601000')).statusCode).toBe(403);
    expect(asked).toHaveLength(1);
  });

  it.each([
    ['metrics=wishes&from=1&to=2', 'an unknown metric'],
    ['metrics=&from=1&to=2', 'no metric'],
    ['metrics=clients&from=2&to=1', 'a range that ends before it begins'],
    [`metrics=clients&from=1&to=${400 * 86_400_000}`, 'more than a year'],
    ['metrics=clients&from=1&to=2&points=100000', 'too many points'],
  ])('refuse %s: %s', async (query) => {
    expect((await get('technician', query)).statusCode).toBe(400);
    expect(asked).toEqual([]);
  });
});
