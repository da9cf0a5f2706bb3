import { beforeEach, describe, expect, it } from 'vitest';
import type { HealthStatus, StatusReason } from '../contract/health.ts';
import { CITY_OUTAGE_DISTRICTS, CITY_OUTAGE_FROM, OUTAGE_FROM, WHOLE_CITY } from './clusters.ts';
import { CLOSE_AFTER_MS, createIncidentEngine, type IncidentEngine } from './engine.ts';
import type { Commanded, Condition, IncidentStep, OpenIncident } from './engine-types.ts';

const T0 = Date.UTC(2026, 10, 22, 3);
/**
 * Switch 1 with access points 10 to 49, camera 5 behind access point 10. Devices from 100 on stand alone; from 1000 on
 * they are of seven districts in turn.
 */
const parentOf = (num: number): number | undefined =>
  num === 5 ? 10 : num >= 10 && num < 50 ? 1 : undefined;

class City {
  statuses = new Map<number, Pick<Condition, 'status' | 'reason' | 'since'> & Partial<Condition>>();
  now = T0;
  steps: IncidentStep[] = [];
  count = 0;
  /** Devices at which a command is under way. */
  commands = new Map<number, Commanded>();
  engine: IncidentEngine = this.make();

  make(): IncidentEngine {
    return createIncidentEngine({
      statusOf: (num) => {
        const given = this.statuses.get(num) ?? { status: 'online', reason: 'reported', since: T0 };
        return { base: given.status, heard: true, ...given };
      },
      parentOf,
      childrenOf: (num) => this.nums().filter((child) => parentOf(child) === num),
      districtOf: (num) => (num < 1_000 ? 'arbat' : `d${num % 7}`),
      commandedAt: (num) => this.commands.get(num),
      devices: () => this.nums(),
      newId: () => `i${++this.count}`,
    });
  }
  nums(): number[] {
    return [
      1,
      5,
      ...Array.from({ length: 40 }, (_, i) => 10 + i),
      ...Array.from({ length: 200 }, (_, i) => 100 + i),
      ...Array.from({ length: 300 }, (_, i) => 1_000 + i),
    ];
  }
  set(num: number, status: HealthStatus, reason: StatusReason = 'will'): void {
    this.statuses.set(num, { status, reason, since: this.now });
    this.steps.push(...this.engine.status(num, status, reason, this.now));
  }
  wait(seconds: number): void {
    for (let passed = 0; passed < seconds * 4; passed++) {
      this.now += 250;
      this.steps.push(...this.engine.tick(this.now));
    }
  }
  /** A Will, then the grace of ten seconds. */
  async dies(...nums: number[]): Promise<void> {
    for (const num of nums) this.set(num, 'suspect');
    this.wait(10);
    for (const num of nums) this.set(num, 'offline');
  }
  open(): { cause: string; root: OpenIncident['root']; down: number[]; cleared: boolean }[] {
    return this.engine.openIncidents().map(({ cause, root, members, clearedAt }) => ({
      ...{ cause, root },
      down: [...members].flatMap(([num, { until }]) => (until === null ? [num] : [])),
      cleared: clearedAt !== null,
    }));
  }
}

let city: City;
beforeEach(() => {
  city = new City();
  city.engine.reconcile(T0);
});
const device = (num: number) => ({ kind: 'device' as const, num });

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

  it('explains a camera behind a point behind it', async () => {
    await city.dies(1, 10, 5);
    city.wait(15);
    expect(city.open()).toMatchObject([{ root: device(1) }]);
    expect(city.open()[0]?.down.sort()).toEqual([1, 10, 5]);
  });
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

describe('work on what devices hang on', () => {
  const worksOn = (num: number) => {
    city.statuses.set(num, {
      status: 'maintenance',
      reason: 'maintenance',
      since: city.now,
      base: 'offline',
    });
    city.steps.push(...city.engine.status(num, 'maintenance', 'maintenance', city.now));
  };

  it('explains what it takes down, and who does not come back with it has a cause of his own', async () => {
    worksOn(1);
    const children = Array.from({ length: 40 }, (_, i) => 10 + i);
    await city.dies(...children);
    city.wait(600);
    expect(city.open()).toEqual([]);
    city.set(1, 'online', 'reported');
    city.wait(20);
    for (const num of children.slice(1)) city.set(num, 'online', 'reported');
    city.wait(60);
    expect(city.open()).toEqual([]);
    city.wait(30);
    expect(city.open()).toMatchObject([{ root: device(10), down: [10] }]);
  });

  it('that ends with it still down leaves one incident of it and all behind it', async () => {
    worksOn(1);
    await city.dies(10, 11);
    city.wait(60);
    city.set(1, 'offline', 'heartbeat-missed');
    city.wait(5);
    expect(city.open()).toEqual([
      { cause: 'device-offline', root: device(1), down: [1, 10, 11], cleared: false },
    ]);
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

describe('a restart that a person ordered', () => {
  const order = (num: number): Commanded => {
    const command: Commanded = {
      ...{ kind: 'reboot', personId: 'p1', personName: 'Иванов' },
      ...{ sentAt: city.now, until: city.now + 330_000 },
    };
    city.commands.set(num, command);
    return command;
  };

  it('is no incident, nor is what hangs below, and who does not follow has one', async () => {
    order(1);
    // Points notice before their switch does.
    await city.dies(10, 11);
    await city.dies(1);
    city.wait(60);
    expect(city.steps).toEqual([]);
    city.set(1, 'online', 'reported');
    city.commands.clear();
    city.set(10, 'online', 'reported');
    city.wait(80);
    expect(city.steps).toEqual([]);
    city.wait(15);
    expect(city.open()).toEqual([{ cause: 'device-offline', root: device(11), down: [11], cleared: false }]);
  });

  it('whose effect never shows is one incident, from when the device went and with the command named', async () => {
    const command = order(1);
    await city.dies(1, 10);
    const gone = city.now;
    city.wait(300);
    expect(city.steps).toEqual([]);
    city.commands.clear();
    city.wait(1.25);
    expect(city.open()).toEqual([
      { cause: 'device-offline', root: device(1), down: [1, 10], cleared: false },
    ]);
    expect(city.engine.openIncidents()[0]?.members.get(1)?.since).toBe(gone);
    expect(city.steps.filter(({ step }) => step === 'commanded')).toEqual([
      { step: 'commanded', incidentId: 'i1', command },
    ]);
  });

  it('leaves a camera time for its stream, and hides nothing that dies elsewhere', async () => {
    order(5);
    await city.dies(100);
    city.set(5, 'offline', 'stream-lost');
    city.wait(40);
    expect(city.open()).toMatchObject([{ root: device(100) }]);
    city.set(5, 'degraded', 'stream-lost');
    city.wait(5);
    city.commands.clear();
    city.wait(60);
    expect(city.open()).toHaveLength(1);
    city.wait(40);
    expect(city.open()).toMatchObject([{ root: device(100) }, { cause: 'stream-lost', root: device(5) }]);
  });
});
