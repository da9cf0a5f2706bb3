import { beforeEach, describe, expect, it } from 'vitest';
import { CLOSE_AFTER_MS } from './engine.ts';
import { City, device, T0 } from './test-engine.ts';

let city: City;
beforeEach(() => {
  city = new City();
  city.engine.reconcile(T0);
});

describe('one device', () => {
  it('is an incident within 15 seconds of its Will, and not before its parent could be judged', async () => {
    await city.dies(100);
    city.wait(3.5);
    expect(city.open()).toEqual([]);
    city.wait(0.75);
    expect(city.open()).toEqual([
      { cause: 'device-offline', root: device(100), down: [100], cleared: false },
    ]);
    expect(city.now - T0).toBeLessThan(15_000);
  });

  it('that fell silent is one a second after it is offline', () => {
    city.set(100, 'suspect', 'heartbeat-missed');
    city.wait(7.5);
    city.set(100, 'offline', 'heartbeat-missed');
    city.wait(1.25);
    expect(city.open()).toHaveLength(1);
  });

  it('that comes back in time is none, and back later is over', async () => {
    await city.dies(100);
    city.set(100, 'online', 'reported');
    city.wait(20);
    expect(city.steps).toEqual([]);
    await city.dies(100);
    city.wait(5);
    city.set(100, 'online', 'reported');
    expect(city.open()).toMatchObject([{ down: [], cleared: true }]);
  });

  it('whose trouble returns within ten minutes has one incident, and one that stays well closes by itself', async () => {
    await city.dies(100);
    city.wait(5);
    city.set(100, 'online', 'reported');
    city.wait(300);
    await city.dies(100);
    city.wait(5);
    expect(city.open()).toMatchObject([{ down: [100], cleared: false }]);
    city.set(100, 'online', 'reported');
    city.wait(CLOSE_AFTER_MS / 1000 + 1);
    expect(city.open()).toEqual([]);
    expect(city.steps.filter(({ step }) => step === 'open')).toHaveLength(1);
    expect(city.steps.map(({ step }) => step)).toEqual([
      ...['open', 'join', 'leave', 'clear', 'join', 'return', 'leave', 'clear', 'close'],
    ]);
  });

  it('that was taken waits for whoever took it', async () => {
    await city.dies(100);
    city.wait(5);
    const [incident] = city.engine.openIncidents();
    city.engine.setTaken(incident?.id ?? '', true);
    city.set(100, 'online', 'reported');
    city.wait(CLOSE_AFTER_MS / 1000 + 60);
    expect(city.open()).toHaveLength(1);
    city.engine.resolved(incident?.id ?? '');
    expect(city.open()).toEqual([]);
  });

  it('that begins to flap has a flapping incident instead', async () => {
    await city.dies(100);
    city.wait(5);
    city.set(100, 'flapping', 'flapping');
    city.wait(2);
    expect(city.open()).toEqual([
      { cause: 'device-offline', root: device(100), down: [], cleared: true },
      { cause: 'flapping', root: device(100), down: [100], cleared: false },
    ]);
  });
});

describe('a switch with forty points', () => {
  const points = Array.from({ length: 40 }, (_, i) => 10 + i);

  it.each([
    ['at the same moment', async () => city.dies(1, ...points, 5)],
    [
      'before its points',
      async () => {
        await city.dies(1);
        city.wait(2);
        await city.dies(...points, 5);
      },
    ],
    [
      'after its points',
      async () => {
        for (const num of points) city.set(num, 'suspect');
        city.wait(4);
        city.set(1, 'suspect');
        city.wait(6);
        for (const num of points) city.set(num, 'offline');
        city.wait(4);
        city.set(1, 'offline');
      },
    ],
    [
      'so late that its points were told already',
      async () => {
        await city.dies(...points);
        city.wait(10);
        await city.dies(1);
      },
    ],
  ])('that dies %s is one incident', async (_when, die) => {
    await die();
    city.wait(16);
    const open = city.open().filter((incident) => !incident.cleared);
    expect(open).toHaveLength(1);
    expect(open[0]).toMatchObject({ cause: 'device-offline', root: device(1) });
    expect(open[0]?.down).toEqual(expect.arrayContaining([1, ...points]));
  });

  it('that comes back leaves an incident for the point that does not follow', async () => {
    await city.dies(1, ...points);
    city.wait(15);
    city.set(1, 'online', 'reported');
    for (const num of points.slice(1)) city.set(num, 'online', 'reported');
    city.wait(60);
    expect(city.open()).toMatchObject([{ root: device(1), down: [10], cleared: false }]);
    city.wait(40);
    expect(city.open()).toMatchObject([
      { root: device(1), down: [], cleared: true },
      { root: device(10), down: [10], cleared: false },
    ]);
  });

  it('that dies after its points looked like an outage of their district takes that in', async () => {
    await city.dies(...points);
    city.wait(10);
    expect(city.open()).toMatchObject([{ cause: 'area-outage' }]);
    await city.dies(1);
    city.wait(6);
    expect(city.open()).toMatchObject([{ cause: 'device-offline', root: device(1) }]);
    expect(city.open()[0]?.down).toHaveLength(41);
    expect(city.steps.filter(({ step }) => step === 'clear')).toEqual([]);
    expect(city.steps.filter(({ step }) => step === 'absorb')).toHaveLength(1);
  });

  it('is judged before a camera below it whose stream is lost is told', async () => {
    city.set(1, 'suspect');
    city.set(10, 'offline', 'stream-lost');
    city.wait(4);
    city.set(11, 'offline', 'stream-lost');
    city.wait(6);
    expect(city.open()).toEqual([]);
    city.set(1, 'offline');
    city.wait(15);
    expect(city.open()).toMatchObject([{ root: device(1), cleared: false }]);
  });

  it('explains a camera behind a point behind it', async () => {
    await city.dies(1, 10, 5);
    city.wait(15);
    expect(city.open()).toMatchObject([{ root: device(1) }]);
    expect(city.open()[0]?.down.sort()).toEqual([1, 10, 5]);
  });
});

describe('a switch that comes and goes', () => {
  const points = Array.from({ length: 10 }, (_, i) => 10 + i);
  const flapping = (num: number, base: 'online' | 'offline') => {
    city.statuses.set(num, { status: 'flapping', reason: 'flapping', since: city.now, base });
    city.steps.push(...city.engine.status(num, 'flapping', 'flapping', city.now));
  };
  const lasting = () => city.open().filter(({ cleared }) => !cleared);

  it('is one incident with all that comes and goes behind it, until both are steady', async () => {
    await city.dies(1, ...points);
    city.wait(5);
    // The points were seen to flap before their switch was.
    for (const num of points) flapping(num, 'offline');
    city.wait(3);
    flapping(1, 'offline');
    city.wait(20);
    expect(lasting()).toEqual([
      { cause: 'flapping', root: device(1), down: expect.arrayContaining([1, ...points]), cleared: false },
    ]);
    for (const num of [1, ...points]) flapping(num, 'online');
    city.set(1, 'online', 'reported');
    city.wait(200);
    expect(lasting()).toEqual([]);
    for (const num of points.slice(1)) city.set(num, 'online', 'reported');
    // It goes again: beneath, so nobody is told of another status.
    city.statuses.set(10, { status: 'flapping', reason: 'flapping', since: city.now, base: 'suspect' });
    city.wait(2);
    expect(lasting()).toMatchObject([{ cause: 'flapping', root: device(10), down: [10] }]);
  });

  it('and dies in the end has one incident, with what hangs on it', async () => {
    flapping(1, 'offline');
    city.wait(2);
    await city.dies(...points);
    city.wait(10);
    expect(lasting()).toMatchObject([{ cause: 'flapping', root: device(1) }]);
    city.set(1, 'offline');
    city.wait(20);
    expect(lasting()).toMatchObject([{ cause: 'device-offline', root: device(1) }]);
    expect(lasting()[0]?.down).toHaveLength(11);
  });

  it('hides no point that stays away while it is there', async () => {
    flapping(1, 'online');
    city.wait(2);
    await city.dies(10);
    city.wait(60);
    expect(lasting()).toMatchObject([{ root: device(1), down: [1] }]);
    city.wait(40);
    expect(lasting()).toMatchObject([{ root: device(1) }, { cause: 'device-offline', root: device(10) }]);
  });
});

describe('a start of the hub', () => {
  it('raises nothing before it hears everything, then tells what died meanwhile as found at start', () => {
    city.engine = city.make();
    city.set(100, 'offline');
    city.wait(60);
    expect(city.steps).toEqual([]);
    city.steps.push(...city.engine.reconcile(city.now));
    city.wait(1);
    expect(city.engine.openIncidents()).toMatchObject([{ root: device(100), foundAtStart: true }]);
  });

  it('goes on with what was open, and ends what is over', async () => {
    await city.dies(100, 101);
    city.wait(5);
    const kept = city.engine.openIncidents();
    city.engine = city.make();
    city.engine.restore(kept);
    city.statuses.set(101, { status: 'online', reason: 'reported', since: city.now });
    city.steps = [];
    city.steps.push(...city.engine.reconcile(city.now));
    city.wait(1);
    expect(city.steps.map(({ step }) => step)).toEqual(['leave', 'clear']);
    expect(city.open()).toMatchObject([
      { down: [100], cleared: false },
      { down: [], cleared: true },
    ]);
  });
});

describe('a start that finds another trouble than there was', () => {
  it('tells of the one that is there now', async () => {
    city.set(100, 'degraded', 'threshold');
    await city.dies(101);
    city.wait(5);
    const kept = city.engine.openIncidents();
    city.engine = city.make();
    city.engine.restore(kept);
    city.statuses.set(100, { status: 'offline', reason: 'will', since: city.now });
    city.statuses.set(101, { status: 'degraded', reason: 'threshold', since: city.now });
    city.steps.push(...city.engine.reconcile(city.now));
    city.wait(2);
    expect(city.open()).toEqual([
      { cause: 'degraded', root: device(100), down: [], cleared: true },
      { cause: 'device-offline', root: device(101), down: [], cleared: true },
      { cause: 'degraded', root: device(101), down: [101], cleared: false },
      { cause: 'device-offline', root: device(100), down: [100], cleared: false },
    ]);
  });
});

describe('trouble of the hub itself', () => {
  it('is told once, returns and ends', () => {
    const disk = { kind: 'disk' as const, name: 'footage' };
    expect(city.engine.own(disk, 'disk', 'full', T0).map(({ step }) => step)).toEqual(['open']);
    expect(city.engine.own(disk, 'disk', 'full', T0 + 1)).toEqual([]);
    expect(city.engine.own(disk, 'disk', null, T0 + 2).map(({ step }) => step)).toEqual(['clear']);
    expect(city.engine.own(disk, 'disk', null, T0 + 3)).toEqual([]);
    expect(city.engine.own(disk, 'disk', 'failing', T0 + 4).map(({ step }) => step)).toEqual(['return']);
  });
});

describe('what died while the hub was away', () => {
  it('is found at start, also when its silence shows it long after the others were heard', () => {
    city.wait(40);
    const since = city.now;
    city.statuses.set(100, { status: 'offline', reason: 'heartbeat-missed', since, heard: false });
    city.steps.push(...city.engine.status(100, 'offline', 'heartbeat-missed', since));
    city.set(101, 'offline', 'heartbeat-missed');
    city.wait(2);
    expect(city.engine.openIncidents().map(({ foundAtStart }) => foundAtStart)).toEqual([true, false]);
  });
});

describe('a clock that is set back', () => {
  it('keeps nothing waiting', async () => {
    await city.dies(100);
    city.now -= 3_600_000;
    city.engine.clockJumped(-3_600_000);
    city.wait(4.5);
    expect(city.open()).toMatchObject([{ root: device(100) }]);
  });
});
