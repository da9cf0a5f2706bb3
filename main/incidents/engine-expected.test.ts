import { beforeEach, describe, expect, it } from 'vitest';
import type { Commanded } from './engine-types.ts';
import { City, device, T0 } from './test-engine.ts';

let city: City;
beforeEach(() => {
  city = new City();
  city.engine.reconcile(T0);
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
