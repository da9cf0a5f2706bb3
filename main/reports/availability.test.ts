import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HealthStatuses } from '../contract/health.ts';
import { NO_HEARTBEAT_MS } from '../health/columns.ts';
import {
  availabilityOf,
  type Change,
  foundWithin,
  joined,
  mostlyUnknown,
  noTimes,
  shares,
  unseen,
  withCommanded,
} from './availability.ts';

const range = { from: 1_000, until: 2_000 };
const change = (at: number, status: Change['status'], base = status): Change => ({ at, status, base });

describe('availability', () => {
  it('is unknown before anything was known, then what the device was', () => {
    expect(availabilityOf(range, [], [], [])).toEqual({ ...noTimes(), unknown: 1_000 });
    expect(
      availabilityOf(
        range,
        [change(500, 'online'), change(1_200, 'offline'), change(1_300, 'online')],
        [],
        [],
      ),
    ).toEqual({
      ...noTimes(),
      up: 900,
      down: 100,
    });
    expect(availabilityOf(range, [change(1_400, 'never-seen'), change(1_600, 'suspect')], [], [])).toEqual({
      ...noTimes(),
      unknown: 600,
      up: 400,
    });
  });

  it('counts the time in which the hub was blind as unknown, neither up nor down', () => {
    const changes = [change(0, 'online'), change(1_500, 'offline')];
    const blind = [
      { from: 900, until: 1_100 },
      { from: 1_400, until: 1_600 },
    ];
    expect(availabilityOf(range, changes, blind, [])).toEqual({
      ...noTimes(),
      up: 300,
      unknown: 300,
      down: 400,
    });
  });

  it('knows nothing of a device after blindness until the first evidence of it', () => {
    const blind = [{ from: 0, until: 500_000 }];
    const found = (...changes: Change[]) => unseen(blind, changes, foundWithin(30_000))[0]?.until;
    expect(found(change(-9, 'online'))).toBe(500_000);
    // It died meanwhile: late first, then offline. Or it was down and came back.
    expect(found(change(-9, 'online'), change(567_500, 'suspect'), change(575_000, 'offline'))).toBe(575_000);
    expect(found(change(-9, 'offline'), change(512_000, 'online'))).toBe(512_000);
    // Long after, it is an event of its own.
    expect(found(change(-9, 'online'), change(800_000, 'offline'))).toBe(500_000);
  });

  it('waits for each device as long as its heartbeat asks', () => {
    const found = (heartbeatMs: number) =>
      unseen(
        [{ from: 0, until: 500_000 }],
        [change(-9, 'online'), change(800_000, 'offline')],
        foundWithin(heartbeatMs),
      )[0]?.until;
    expect(foundWithin(10_000)).toBe(45_000);
    expect(found(30_000)).toBe(500_000);
    expect(found(120_000)).toBe(800_000);
    // What tells of changes only is known as soon as the hub hears again.
    expect(found(NO_HEARTBEAT_MS)).toBe(500_000);
  });

  it('counts a restart that was ordered as work, and what was down before or stays down as down', () => {
    const changes = [change(1_100, 'offline'), change(1_300, 'online'), change(1_500, 'offline')];
    const down = (from: number, until: number) => {
      const excused = withCommanded(changes, [{ from, until }], range.until);
      const times = availabilityOf(range, excused, [], []);
      return [times.down, times.maintenanceDown];
    };
    expect(down(1_050, 1_300)).toEqual([500, 200]);
    expect(down(1_101, 1_300)).toEqual([700, 0]);
    expect(down(1_050, 1_299)).toEqual([700, 0]);
  });

  it('calls mostly unknown what is unknown for more than half of the time', () => {
    expect(mostlyUnknown({ ...noTimes(), up: 50, unknown: 50 })).toBe(false);
    expect(mostlyUnknown({ ...noTimes(), up: 20, maintenanceUp: 29, unknown: 51 })).toBe(true);
  });

  it('tells outages by a parent, work and flapping apart', () => {
    const changes = [
      change(1_000, 'offline'),
      change(1_300, 'maintenance', 'offline'),
      change(1_400, 'maintenance', 'online'),
      change(1_500, 'flapping', 'online'),
      change(1_600, 'online'),
    ];
    const times = availabilityOf(range, changes, [], [{ from: 1_100, until: 1_350 }]);
    expect(times).toEqual({
      ...{
        down: 100,
        downByParent: 200,
        maintenanceDown: 100,
        maintenanceUp: 100,
        flapping: 100,
        up: 400,
        unknown: 0,
      },
    });
    expect(shares(times)).toEqual({ all: 500 / 1_000, own: 400 / 600 });
    expect(shares(noTimes())).toEqual({ all: null, own: null });
  });

  it('leaves to what it hangs on that a device comes and goes with it', () => {
    const changes = [change(1_000, 'flapping', 'online'), change(1_600, 'online')];
    const times = availabilityOf(range, changes, [], [{ from: 1_000, until: 1_500 }]);
    expect(times).toEqual({ ...noTimes(), downByParent: 500, flapping: 100, up: 400 });
  });

  it('adds up to the range, whatever happens', () => {
    const time = fc.integer({ min: 0, max: 3_000 });
    const spans = fc
      .array(fc.tuple(time, time))
      .map((pairs) => joined(pairs.map(([a, b]) => ({ from: Math.min(a, b), until: Math.max(a, b) }))));
    const status = fc.constantFrom(...HealthStatuses);
    const changes = fc
      .array(fc.tuple(time, status, status))
      .map((all) => all.map(([at, shown, base]) => change(at, shown, base)).sort((a, b) => a.at - b.at));
    fc.assert(
      fc.property(changes, spans, spans, (given, blind, byParent) => {
        const times = availabilityOf(range, given, blind, byParent);
        expect(Object.values(times).reduce((sum, value) => sum + value, 0)).toBe(1_000);
        expect(Math.min(...Object.values(times))).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
