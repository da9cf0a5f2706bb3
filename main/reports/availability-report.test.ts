import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { everything, makeTestCity, type TestCity, testDevice } from '../devices/test-city.ts';
import { createHealthPast } from '../health/past.ts';
import { createOutagesByParent } from '../incidents/past-outages.ts';
import { createReports } from './availability-report.ts';
import { createReckoner } from './reckoner.ts';

const HOUR = 3_600_000;
let city: TestCity;
beforeEach(async () => {
  city = await makeTestCity();
  const given = [
    { id: 'sw-1', kind: 'switch' as const, owner: 'ДИТ', contractor: 'Сети' },
    { id: 'ap-1', kind: 'ap' as const, owner: 'ДИТ', parentId: 'sw-1' },
    { id: 'cam-1', kind: 'camera' as const, owner: 'МВД', districtId: 'kuntsevo' },
  ];
  await city.devices.seed([], [], given.map(testDevice));
});
afterEach(() => city.stop());

const num = (id: string): number => city.devices.get(id)?.num ?? 0;

async function happened(): Promise<{ from: number; until: number }> {
  const { db } = city.storage;
  const from = city.clock.now();
  city.clock.advance(10 * HOUR);
  const change = (id: string, hours: number, status: string, base = status) => ({
    ...{ num: num(id), at: from + hours * HOUR, status, base, reason: 'none' },
  });
  await db
    .insertInto('status_changes')
    .values([
      ...[change('sw-1', -5, 'online'), change('sw-1', 2, 'offline'), change('sw-1', 3, 'online')],
      ...[change('ap-1', -1, 'online'), change('ap-1', 2, 'offline'), change('ap-1', 4, 'online')],
      ...[change('cam-1', 5, 'online'), change('cam-1', 8, 'maintenance', 'offline')],
    ])
    .execute();
  const incident = {
    cause: 'device-offline',
    severity: 'warning',
    area: null,
    subject: null,
    reason: 'will',
  };
  const rest = { found_at_start: 0, cleared_at: null, resolved_at: null, taken_by: null, taken_name: null };
  await db
    .insertInto('incidents')
    .values({
      id: 'i1',
      ...incident,
      num: num('sw-1'),
      ...rest,
      taken_at: null,
      muted_until: null,
      opened_at: from,
    })
    .execute();
  await db
    .insertInto('incident_members')
    .values([
      { incident_id: 'i1', num: num('sw-1'), since: from + 2 * HOUR, until: from + 3 * HOUR },
      { incident_id: 'i1', num: num('ap-1'), since: from + 2 * HOUR, until: from + 3.5 * HOUR },
    ])
    .execute();
  await db
    .insertInto('blind_spans')
    .values({ from_ms: from + 9 * HOUR, until_ms: null, reason: 'broker' })
    .execute();
  return { from, until: from + 10 * HOUR };
}

const reports = () =>
  createReports({
    ...{ clock: city.clock, devices: city.devices },
    reckoner: createReckoner({
      past: createHealthPast(city.storage.db, city.clock),
      outagesByParent: createOutagesByParent(city.storage.db, city.clock),
      heartbeatOf: () => 30_000,
      devices: city.devices,
    }),
  });
const hours = (times: object) =>
  Object.fromEntries(Object.entries(times).map(([key, ms]) => [key, ms / HOUR]));
const never = new AbortController().signal;

describe('the availability report', () => {
  it('reckons each device from what was kept: its changes, its parent, work and blindness', async () => {
    const range = await happened();
    const visible = everything(city.devices);
    const report = await reports().availability({ range, by: 'device', kind: undefined, visible }, never);
    const lines = Object.fromEntries(report.lines.map((line) => [line.key, line]));
    expect(hours(lines['sw-1']?.times ?? {})).toMatchObject({ up: 8, down: 1, unknown: 1 });
    expect(hours(lines['ap-1']?.times ?? {})).toMatchObject({
      up: 7,
      down: 0.5,
      downByParent: 1.5,
      unknown: 1,
    });
    expect(hours(lines['cam-1']?.times ?? {})).toMatchObject({ up: 3, maintenanceDown: 1, unknown: 6 });
    expect(lines['ap-1']).toMatchObject({ all: 7 / 9, own: 7 / 7.5 });
    expect(report.blindMs).toBe(HOUR);
    expect(report.total.devices).toBe(3);
    expect(report.lines.map((line) => line.key)).toEqual(['sw-1', 'ap-1', 'cam-1']);
  });

  it('counts what work on a parent takes down as that, not as its own', async () => {
    const from = city.clock.now();
    city.clock.advance(10 * HOUR);
    const change = (id: string, at: number, status: string, base = status) => ({
      ...{ num: num(id), at: from + at * HOUR, status, base, reason: 'none' },
    });
    await city.storage.db
      .insertInto('status_changes')
      .values([
        ...[change('sw-1', 0, 'online'), change('sw-1', 2, 'maintenance', 'online')],
        ...[change('sw-1', 3, 'maintenance', 'offline'), change('sw-1', 5, 'online')],
        ...[change('ap-1', 0, 'online'), change('ap-1', 3, 'offline'), change('ap-1', 6, 'online')],
      ])
      .execute();
    const range = { from, until: from + 10 * HOUR };
    const visible = everything(city.devices);
    const report = await reports().availability({ range, by: 'device', kind: 'ap', visible }, never);
    expect(hours(report.total.times)).toMatchObject({ up: 7, downByParent: 2, down: 1 });
  });

  it('sums by owner and district what the person may see, and of one kind', async () => {
    const range = await happened();
    const visible = everything(city.devices);
    const by = async (group: 'owner' | 'contractor' | 'district', kind?: 'camera') =>
      (await reports().availability({ range, by: group, kind, visible }, never)).lines.map((line) => [
        line.key,
        line.devices,
      ]);
    expect(await by('owner')).toEqual([
      ['ДИТ', 2],
      ['МВД', 1],
    ]);
    expect(await by('contractor')).toEqual([
      ['Сети', 1],
      ['', 2],
    ]);
    expect(await by('district', 'camera')).toEqual([['kuntsevo', 1]]);
    visible.delete(num('sw-1'));
    expect(await by('owner')).toEqual([
      ['ДИТ', 1],
      ['МВД', 1],
    ]);
  });

  it('has the second before the tenth among equals', async () => {
    const more = ['Участок 10', 'Участок 2', 'Участок 1'];
    await city.devices.seed(
      [],
      [],
      more.map((owner, at) => testDevice({ id: `ap-more-${at}`, kind: 'ap', owner })),
    );
    const range = await happened();
    const visible = everything(city.devices);
    const { lines } = await reports().availability({ range, by: 'owner', kind: 'ap', visible }, never);
    expect(lines.map(({ key }) => key)).toEqual(['ДИТ', 'Участок 1', 'Участок 2', 'Участок 10']);
  });

  it('refuses what is not over yet or too long, and stops when nobody waits', async () => {
    const range = await happened();
    const visible = everything(city.devices);
    const ask = (from: number, until: number, signal = never) =>
      reports().availability({ range: { from, until }, by: 'okrug', kind: undefined, visible }, signal);
    await expect(ask(range.until + HOUR, range.until + 2 * HOUR)).rejects.toMatchObject({
      code: 'report-range',
    });
    await expect(ask(0, range.until)).rejects.toMatchObject({ code: 'report-range' });
    await expect(ask(range.from, range.until, AbortSignal.abort(new Error('left')))).rejects.toThrow('left');
  });
});
