import fc from 'fast-check';
import { expect, test } from 'vitest';
import { manualClock } from '../base/clock.ts';
import { createEventBus } from '../base/event-bus.ts';
import { type Action, Actions, type Scope, type WeeklyHours } from '../contract/access.ts';
import type { HubEvents } from '../contract/hub-events.ts';
import { compileReach } from './compile.ts';
import { indexDevices } from './device-index.ts';
import { type FakeDevice, fakeDevices } from './fake-devices.ts';
import { inForce, may, type RightsGrant } from './may.ts';
import { createRights } from './rights.ts';
import { type Geography, scopeContains, scopeCovers, scopesApart } from './scope.ts';
import { grant, HOUR, NOON, zone } from './test-grants.ts';

// Random cities, grants and moments.
const okrugs = ['cao', 'sao'];
const districts: Record<string, string> = { arbat: 'cao', tver: 'cao', sokol: 'sao', aero: 'sao' };
const groups = ['metro', 'parks'];

const deviceSet: fc.Arbitrary<FakeDevice[]> = fc
  .array(
    fc.record({
      num: fc.integer({ min: 1, max: 90 }),
      kind: fc.constantFrom('camera' as const, 'ap' as const),
      districtId: fc.constantFrom(...Object.keys(districts)),
      groupIds: fc.subarray(groups),
    }),
    { maxLength: 12 },
  )
  .map((devices) => {
    const unique = new Map(devices.map((device) => [device.num, device]));
    return [...unique.values()].map((device) => ({
      ...device,
      id: `d${device.num}`,
      okrugId: districts[device.districtId] ?? '',
    }));
  });
const scope: fc.Arbitrary<Scope> = fc.oneof(
  fc.constant({ type: 'city' as const }),
  fc.constantFrom(...okrugs).map((id) => ({ type: 'okrug' as const, id })),
  fc.constantFrom(...Object.keys(districts)).map((id) => ({ type: 'district' as const, id })),
  fc.constantFrom(...groups).map((id) => ({ type: 'group' as const, id })),
  fc.integer({ min: 1, max: 90 }).map((num) => ({ type: 'device' as const, id: `d${num}` })),
);
const someActions = fc.constantFrom<Action[]>(
  ['device.view', 'video.live'],
  ['video.live', 'video.archive', 'video.snapshot'],
  ['video.archive'],
  ['access.manage'],
  [...Actions],
);
const grants: fc.Arbitrary<RightsGrant[]> = fc.array(
  fc
    .record({
      actions: someActions.map((actions) => new Set(actions)),
      scope,
      effect: fc.constantFrom('allow' as const, 'allow' as const, 'allow' as const, 'deny' as const),
      from: fc.integer({ min: NOON - 3 * HOUR, max: NOON + HOUR }),
      until: fc.option(fc.integer({ min: NOON - HOUR, max: NOON + 3 * HOUR })),
      weekly: fc.option(
        fc.constantFrom<WeeklyHours>(
          [{ day: 4, fromMin: 660, toMin: 750 }],
          [{ day: 4, fromMin: 0, toMin: 1440 }],
        ),
        { freq: 3 },
      ),
      archiveHours: fc.option(fc.constantFrom(1, 6, 24)),
    })
    .map((parts) => ({
      ...grant([]),
      ...parts,
      archiveHours: parts.effect === 'deny' ? null : parts.archiveHours,
    })),
  { maxLength: 6 },
);
const footage = fc.option(fc.integer({ min: 0, max: 30 * HOUR }), { nil: undefined });

function cityOf(devices: FakeDevice[]) {
  const registry = fakeDevices(devices);
  const geography: Geography = {
    okrugOfDistrict: (id) => districts[id],
    placeOf: (id) => registry.get(id),
  };
  return { registry, geography };
}

test('compiled reaches say of every device and action what the rule says, depths included', () => {
  fc.assert(
    fc.property(
      deviceSet,
      grants,
      fc.integer({ min: 0, max: 2 * HOUR }),
      footage,
      (devices, held, later, back) => {
        const { registry, geography } = cityOf(devices);
        const now = NOON + later;
        const index = indexDevices(registry);
        const holding = held.filter((one) => inForce(one, zone, now));
        for (const action of Actions) {
          const reach = compileReach(
            holding.filter((one) => one.actions.has(action)),
            index,
          );
          let count = 0;
          for (const device of registry.all()) {
            const ruled = may(held, { action, place: device, now }, zone, geography).allowed;
            expect(reach.bits.has(device.num)).toBe(ruled);
            if (ruled) count += 1;
            if (action !== 'video.archive' || back === undefined) continue;
            const footageTime = now - back;
            const deep =
              reach.bits.has(device.num) && back <= Math.max(60_000, reach.depthHours(device.num) * HOUR);
            expect(deep).toBe(
              may(held, { action, place: device, now, footageTime }, zone, geography).allowed,
            );
          }
          expect(reach.bits.size).toBe(count);
        }
      },
    ),
    { numRuns: 300 },
  );
});

test('the rights in memory decide as the rule does at every moment, while time passes and devices move', () => {
  fc.assert(
    fc.property(
      deviceSet,
      grants,
      fc.array(fc.integer({ min: -HOUR, max: HOUR }), { minLength: 1, maxLength: 4 }),
      footage,
      fc.constantFrom(...Object.keys(districts)),
      (devices, held, jumps, back, district) => {
        const { registry, geography } = cityOf(devices);
        const clock = manualClock(NOON);
        const bus = createEventBus<HubEvents>((_name, error) => {
          throw error;
        });
        const rights = createRights({
          ...{ clock, zone, geography, devices: registry, bus },
          onTimePassed: () => {},
        });
        try {
          rights.set('p', held);
          const compare = () => {
            const now = clock.now();
            const footageTime = back === undefined ? undefined : now - back;
            for (const action of ['video.live', 'video.archive', 'video.snapshot', 'device.view'] as const) {
              const visible = rights.visible('p', action);
              for (const device of registry.all()) {
                const question = { action, place: device, now };
                expect(visible.has(device.num)).toBe(may(held, question, zone, geography).allowed);
                expect(rights.decide('p', action, device, footageTime)).toEqual(
                  may(held, { ...question, footageTime }, zone, geography),
                );
              }
            }
          };
          compare();
          for (const jump of jumps) {
            const before = rights.version('p');
            const force = rights.grantsInForce('p').map(({ id }) => id);
            clock.jump(jump);
            compare();
            const changed = String(rights.grantsInForce('p').map(({ id }) => id)) !== String(force);
            expect(rights.version('p') > before).toBe(changed);
          }
          const moved = devices[0];
          if (moved) {
            const before = rights.version('p');
            registry.put({ ...moved, districtId: district, okrugId: districts[district] ?? '' });
            // The decision follows at once, the compiled sets when the event comes.
            const device = registry.get(moved.id) ?? null;
            expect(rights.decide('p', 'video.live', device)).toEqual(
              may(held, { action: 'video.live', place: device, now: clock.now() }, zone, geography),
            );
            bus.emit('devices.changed', { deviceIds: [moved.id] });
            compare();
            expect(rights.version('p') > before).toBe(district !== moved.districtId);
            registry.drop(moved.id);
            bus.emit('devices.changed', { deviceIds: [moved.id] });
            compare();
            expect(rights.visible('p', 'video.live').has(moved.num)).toBe(false);
          }
        } finally {
          rights.stop();
        }
      },
    ),
    { numRuns: 200 },
  );
});

test('equal grants share one set, other ones do not', () => {
  const { registry, geography } = cityOf([
    { num: 1, id: 'd1', kind: 'camera', okrugId: 'cao', districtId: 'arbat', groupIds: [] },
  ]);
  const bus = createEventBus<HubEvents>(() => {});
  const rights = createRights({
    ...{ clock: manualClock(NOON), zone, geography, devices: registry, bus },
    onTimePassed: () => {},
  });
  rights.set('a', [grant(['video.live'], { scope: { type: 'okrug', id: 'cao' } })]);
  rights.set('b', [grant(['video.live', 'device.view'], { scope: { type: 'okrug', id: 'cao' } })]);
  rights.set('c', [grant(['video.live'])]);
  expect(rights.visible('a', 'video.live')).toBe(rights.visible('b', 'video.live'));
  expect(rights.visible('c', 'video.live')).not.toBe(rights.visible('b', 'video.live'));
  rights.stop();
});

test('scopes: what is contained is covered too, what is apart shares no device', () => {
  fc.assert(
    fc.property(deviceSet, scope, scope, (devices, a, b) => {
      const { registry, geography } = cityOf(devices);
      for (const device of registry.all()) {
        if (scopeContains(a, b, geography) && scopeCovers(b, device))
          expect(scopeCovers(a, device)).toBe(true);
        if (scopesApart(a, b, geography))
          expect(scopeCovers(a, device) && scopeCovers(b, device)).toBe(false);
      }
      expect(scopesApart(a, b, geography)).toBe(scopesApart(b, a, geography));
    }),
    { numRuns: 500 },
  );
});
