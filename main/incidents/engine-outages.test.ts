import { beforeEach, describe, expect, it } from 'vitest';
import { CITY_OUTAGE_DISTRICTS, CITY_OUTAGE_FROM, OUTAGE_FROM, WHOLE_CITY } from './clusters.ts';
import { City, device, T0 } from './test-engine.ts';

let city: City;
beforeEach(() => {
  city = new City();
  city.engine.reconcile(T0);
});

describe('many at once', () => {
  it('of one district are one outage, fewer are one each', async () => {
    const many = Array.from({ length: OUTAGE_FROM }, (_, i) => 100 + i);
    await city.dies(...many.slice(1));
    city.wait(15);
    expect(city.open()).toHaveLength(OUTAGE_FROM - 1);
    // One more of the same moment: all of them are the outage now.
    await city.dies(100);
    city.wait(15);
    const open = city.open();
    expect(open.some(({ cause }) => cause === 'area-outage')).toBe(false);

    city = new City();
    city.engine.reconcile(T0);
    await city.dies(...many);
    city.wait(15);
    expect(city.open()).toMatchObject([{ cause: 'area-outage', root: { kind: 'area', area: 'arbat' } }]);
    expect(city.open()[0]?.down).toHaveLength(OUTAGE_FROM);
    await city.dies(180);
    city.wait(15);
    expect(city.open()).toHaveLength(1);
    for (const num of [...many, 180]) city.set(num, 'online', 'reported');
    expect(city.open()).toMatchObject([{ cleared: true }]);
  });
});

describe('a hundred of many districts at once', () => {
  const wide = Array.from({ length: CITY_OUTAGE_FROM }, (_, i) => 1_000 + i);

  it('are one outage of the city, with what failed alone, by districts or below others before', async () => {
    // Twenty of one district, each an incident of its own, then a switch, then all the others in the next seconds.
    const early = Array.from({ length: 20 }, (_, i) => 100 + i);
    for (const num of [...early, ...wide, 1]) city.set(num, 'suspect');
    city.wait(5);
    for (const num of early) city.set(num, 'offline', 'heartbeat-missed');
    city.wait(2);
    expect(city.open()).toHaveLength(20);
    city.set(1, 'offline', 'heartbeat-missed');
    for (const num of wide) city.set(num, 'offline', 'heartbeat-missed');
    city.wait(2);
    expect(city.open()).toMatchObject([{ cause: 'city-outage', root: { kind: 'area', area: WHOLE_CITY } }]);
    expect(city.open()[0]?.down).toHaveLength(20 + 1 + wide.length);
    expect(city.steps.filter(({ step }) => step === 'absorb')).toHaveLength(20);
    // What hangs below, and what is judged later, belongs to it too.
    for (const num of [10, 11, 5, 1_250]) city.set(num, 'offline', 'heartbeat-missed');
    city.wait(2);
    expect(city.open()).toHaveLength(1);
    for (const num of [1, 10, 11, 5, 1_250, ...early, ...wide]) city.set(num, 'online', 'reported');
    expect(city.open()).toMatchObject([{ cause: 'city-outage', down: [], cleared: true }]);
  });

  it('are not, when they are of fewer districts or came one after the other', async () => {
    const few = Array.from({ length: 300 }, (_, i) => 1_000 + i).filter(
      (num) => num % 7 < CITY_OUTAGE_DISTRICTS - 1,
    );
    expect(few.length).toBeGreaterThan(CITY_OUTAGE_FROM);
    for (const num of few) city.set(num, 'offline', 'heartbeat-missed');
    city.wait(2);
    expect(city.open().map(({ cause }) => cause)).toEqual(
      Array.from({ length: CITY_OUTAGE_DISTRICTS - 1 }, () => 'area-outage'),
    );
    city = new City();
    city.engine.reconcile(T0);
    for (const num of wide) {
      city.set(num, 'offline', 'heartbeat-missed');
      city.wait(11);
    }
    expect(city.open()).toHaveLength(wide.length);
  });
});

describe('a gateway that is gone', () => {
  it('is the one incident of all that falls silent behind it a minute later', async () => {
    await city.dies(1);
    city.wait(60);
    const behind = Array.from({ length: 40 }, (_, i) => 10 + i);
    for (const num of behind) city.set(num, 'offline', 'heartbeat-missed');
    city.wait(20);
    expect(city.open()).toEqual([
      { cause: 'device-offline', root: device(1), down: [1, ...behind], cleared: false },
    ]);
  });
});
