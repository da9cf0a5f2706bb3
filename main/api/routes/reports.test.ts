import { afterEach, beforeEach, expect, test } from 'vitest';
import { AvailabilityShares } from '../../contract/reports.ts';
import { makeTestCity, type TestCity, testDevice } from '../../devices/test-city.ts';
import { createHealthPast } from '../../health/past.ts';
import { createOutagesByParent } from '../../incidents/past-outages.ts';
import { createReports } from '../../reports/availability-report.ts';
import { createReckoner } from '../../reports/reckoner.ts';
import { createAvailabilityShares } from '../../reports/shares.ts';
import { makeTestDesk, type TestDesk } from '../test-desk.ts';
import { reportRoutes } from './reports.ts';

const HOUR = 3_600_000;
let city: TestCity;
let desk: TestDesk;
/** Ranges of changes that were read. */
let reads: number;

beforeEach(async () => {
  city = await makeTestCity();
  const given = [
    { id: 'ap-1', kind: 'ap' as const },
    { id: 'ap-2', kind: 'ap' as const, districtId: 'kuntsevo' },
    { id: 'sw-1', kind: 'switch' as const },
  ];
  await city.devices.seed([], [], given.map(testDevice));
  desk = await makeTestDesk(city);
  const { clock, log, devices } = city;
  const { db } = city.storage;
  const past = createHealthPast(db, clock);
  reads = 0;
  const reckoner = createReckoner({
    past: {
      ...past,
      changes(nums, range) {
        reads += 1;
        return past.changes(nums, range);
      },
    },
    outagesByParent: createOutagesByParent(db, clock),
    heartbeatOf: () => 30_000,
    devices,
  });
  reportRoutes(desk.app, {
    ...{ gate: desk.gate, devices },
    reports: createReports({ clock, devices, reckoner }),
    shares: createAvailabilityShares({ clock, log, devices, reckoner }),
  });
  desk.allow('technician', () => true);
  desk.allow('viewer', (action) => action === 'device.view');
  desk.allow('arbat', (_action, device) => device === null || device.districtId === 'arbat');
  const now = clock.now();
  const change = (id: string, hoursAgo: number, status: string) => ({
    ...{ num: devices.get(id)?.num ?? 0, at: now - hoursAgo * HOUR, status, base: status, reason: 'none' },
  });
  await db
    .insertInto('status_changes')
    .values([
      ...[change('ap-1', 50, 'online'), change('ap-1', 6, 'offline'), change('ap-2', 10, 'online')],
      change('sw-1', 800, 'online'),
    ])
    .execute();
});
afterEach(async () => {
  await desk.app.close();
  await city.stop();
});

const sharesFor = async (token: string, query: string) => {
  const answer = await desk.as(token, { method: 'GET', url: `/api/availability?${query}` });
  return answer.statusCode === 200
    ? AvailabilityShares.parse(answer.json()).shares
    : { status: answer.statusCode };
};

test('shares of a day and of a month, of what the person may see; mostly unknown time is no share', async () => {
  expect(await sharesFor('technician', 'kind=ap&hours=24')).toEqual({ 'ap-1': 0.75, 'ap-2': null });
  expect(await sharesFor('technician', 'kind=ap&hours=720')).toEqual({ 'ap-1': null, 'ap-2': null });
  expect(await sharesFor('technician', 'kind=switch&hours=720')).toEqual({ 'sw-1': 1 });
  expect(await sharesFor('arbat', 'kind=ap&hours=24')).toEqual({ 'ap-1': 0.75 });
  // Who sees devices but not the Wi-Fi sees switches alone.
  expect(await sharesFor('viewer', 'kind=ap&hours=24')).toEqual({});
  expect(await sharesFor('viewer', 'kind=switch&hours=24')).toEqual({ 'sw-1': 1 });
  expect(await sharesFor('technician', 'kind=camera&hours=24')).toEqual({ status: 400 });
  expect((await desk.app.inject('/api/availability?kind=ap&hours=24')).statusCode).toBe(401);
});

test('many who ask cost one reckoning, and again one once it is old', async () => {
  const ask = () => sharesFor('technician', 'kind=ap&hours=24');
  await Promise.all([ask(), ask(), ask()]);
  expect(reads).toBe(1);
  city.clock.advance(HOUR);
  expect(await ask()).toMatchObject({ 'ap-1': 0.708333 });
  expect(reads).toBe(2);
  // A little old is shown at once, and reckoned anew behind it.
  city.clock.advance(120_000);
  expect(await ask()).toMatchObject({ 'ap-1': 0.708333 });
  await expect.poll(() => reads).toBe(3);
});

test('the file for a spreadsheet is split, counted and named as its language has it', async () => {
  const to = city.clock.now();
  const file = async (language: string) => {
    const url = `/api/reports/availability.csv?from=${to - 8 * HOUR}&to=${to}&by=device&kind=ap${language}`;
    return (await desk.as('technician', { method: 'GET', url })).body.split('\r\n');
  };
  const [header, worst] = await file('');
  expect(header).toMatch(/^\uFEFFkey,name,devices,availability_pct,/);
  expect(worst).toMatch(/^ap-1,.*,1,25,25,100,7200,21600,0,0,0,0,0$/);
  const [russian, again] = await file('&language=ru');
  expect(russian).toMatch(/^\uFEFFОбозначение;Название;Устройств;/);
  expect(again).toContain(';1;25;25;100;');
});
