import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AuditEvent } from '../audit/types.ts';
import { makeTestCity, type TestCity, testDevice } from '../devices/test-city.ts';
import { createMaintenance, type Maintenance } from './maintenance.ts';

const technician = { personId: 'p1', name: 'Иванов', from: '127.0.0.1' };
const colleague = { personId: 'p2', name: 'Петров', from: '127.0.0.1' };
/** A minute before clocks go to summer time. */
const T0 = Date.UTC(2026, 2, 29, 0, 59);

let city: TestCity;
let maintenance: Maintenance;
const recorded: AuditEvent[] = [];
let covered: (num: number) => boolean = () => false;
let asked: readonly number[] | undefined;
const num = (id: string): number => city.devices.get(id)?.num ?? 0;
const notAsked = () => Promise.reject(new Error('not asked for here'));

beforeEach(async () => {
  city = await makeTestCity();
  const given = [{ id: 'd1' }, { id: 'd2' }, { id: 'd9', districtId: 'kuntsevo' }];
  await city.devices.seed([], [], given.map(testDevice));
  city.clock.advance(T0 - city.clock.now());
  recorded.length = 0;
  const { clock, bus, log, devices } = city;
  maintenance = await createMaintenance({
    ...{ db: city.storage.db, clock, bus, log, devices },
    audit: {
      ...{ record: notAsked, page: notAsked, chain: notAsked, verify: notAsked },
      async append(_trx, event) {
        recorded.push(event);
      },
    },
    health: {
      maintenance(isUnder, nums) {
        covered = isUnder;
        asked = nums;
      },
    },
  });
});
afterEach(async () => {
  maintenance.stop();
  await city.stop();
});

describe('maintenance', () => {
  it('begins and ends by the clock, over the change to summer time too, and cannot explain the past', async () => {
    const now = city.clock.now();
    const scope = { type: 'district' as const, id: 'arbat' };
    const window = await maintenance.add(technician, {
      scope,
      from: now - 3_600_000,
      until: now + 120_000,
      reason: 'Замена коммутатора',
    });
    expect(window.from).toBe(now);
    expect(['d1', 'd2', 'd9'].map((id) => covered(num(id)))).toEqual([true, true, false]);
    city.clock.advance(121_000);
    await expect.poll(() => covered(num('d1')), { timeout: 10_000 }).toBe(false);
    await expect(
      maintenance.add(technician, { scope, from: now, until: now + 1_000, reason: 'поздно' }),
    ).rejects.toMatchObject({ code: 'maintenance-range' });
    const later = await maintenance.add(technician, {
      scope,
      from: city.clock.now() + 60_000,
      until: city.clock.now() + 120_000,
      reason: 'Позже',
    });
    expect(covered(num('d1'))).toBe(false);
    await maintenance.end(technician, later.id);
    expect((await maintenance.list()).map(({ id }) => id)).toEqual([window.id]);
    await expect(maintenance.end(technician, window.id)).rejects.toMatchObject({ status: 404 });
    expect(
      recorded.filter(({ kind }) => kind === 'maintenance.changed').map(({ data }) => data.change),
    ).toEqual(['added', 'added', 'ended']);
  });

  it('is limited in number, and an edit of one device asks for that one alone', async () => {
    const now = city.clock.now();
    const add = (who: typeof technician) =>
      maintenance.add(who, {
        ...{ scope: { type: 'district' as const, id: 'arbat' }, from: now, until: now + 3_600_000 },
        reason: 'Работы',
      });
    const added = await Promise.allSettled(Array.from({ length: 55 }, () => add(technician)));
    expect(added.filter(({ status }) => status === 'fulfilled')).toHaveLength(50);
    await expect(add(technician)).rejects.toMatchObject({ code: 'maintenance-many' });
    await add(colleague);
    asked = undefined;
    city.bus.emit('devices.changed', { deviceIds: ['d2'] });
    expect(asked).toEqual([num('d2')]);
  });
});
