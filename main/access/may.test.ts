import fc from 'fast-check';
import { expect, test } from 'vitest';
import { manualClock } from '../base/clock.ts';
import { createEventBus } from '../base/event-bus.ts';
import { type Action, Actions, type Scope, type WeeklyHours } from '../contract/access.ts';
import type { HubEvents } from '../contract/hub-events.ts';
import { compileReach } from './compile.ts';
import { indexDevices } from './device-index.ts';
import { type FakeDevice, fakeDevices } from './fake-devices.ts';
import { inForce, may, type Question, type RightsGrant } from './may.ts';
import { createRights } from './rights.ts';
import { type Geography, scopeContains, scopeCovers, scopesApart } from './scope.ts';
import { createZone } from './zone.ts';

const HOUR = 3_600_000;
const zone = createZone('Europe/Moscow');
const nowhere: Geography = { okrugOfDistrict: () => undefined, placeOf: () => undefined };
/** A Thursday, 12:00 in Moscow. */
const NOON = Date.parse('2026-01-15T09:00:00Z');
const camera = { id: 'cam-1', okrugId: 'cao', districtId: 'arbat', groupIds: ['metro'] };

let counter = 0;
function grant(actions: Action[], extra: Partial<RightsGrant> = {}): RightsGrant {
  counter += 1;
  return {
    id: `g${counter}`,
    roleId: 'r',
    actions: new Set(actions),
    scope: { type: 'city' },
    effect: 'allow',
    from: 0,
    until: null,
    weekly: null,
    archiveHours: null,
    ...extra,
  };
}
const ask = (grants: RightsGrant[], question: Partial<Question> & { action: Action }) =>
  may(grants, { place: camera, now: NOON, ...question }, zone, nowhere);
const yes = { allowed: true };
const no = (reason: string) => ({ allowed: false, reason });

test('nothing is allowed without a grant, and a grant opens only its actions', () => {
  expect(ask([], { action: 'video.live' })).toEqual(no('no-grant'));
  expect(ask([grant(['device.view'])], { action: 'video.live' })).toEqual(no('no-grant'));
  expect(ask([grant(['video.live'])], { action: 'video.live' })).toEqual(yes);
});

test.each<[Scope, boolean]>([
  [{ type: 'city' }, true],
  [{ type: 'okrug', id: 'cao' }, true],
  [{ type: 'okrug', id: 'sao' }, false],
  [{ type: 'okrug', id: 'arbat' }, false],
  [{ type: 'district', id: 'arbat' }, true],
  [{ type: 'district', id: 'cao' }, false],
  [{ type: 'group', id: 'metro' }, true],
  [{ type: 'group', id: 'parks' }, false],
  [{ type: 'device', id: 'cam-1' }, true],
  [{ type: 'device', id: 'cam-2' }, false],
])('a grant in %j covers the camera: %s', (scope, covered) => {
  expect(ask([grant(['video.live'], { scope })], { action: 'video.live' }).allowed).toBe(covered);
});

test('a denial beats every grant, where and when it holds', () => {
  const allow = grant(['video.live']);
  const deny = grant(['video.live'], { effect: 'deny', scope: { type: 'group', id: 'metro' } });
  expect(ask([allow, deny], { action: 'video.live' })).toEqual(no('denied'));
  expect(ask([deny, allow, allow], { action: 'video.live' })).toEqual(no('denied'));
  expect(ask([allow, deny], { action: 'video.live', place: { ...camera, groupIds: [] } })).toEqual(yes);
  expect(ask([allow, { ...deny, until: NOON }], { action: 'video.live' })).toEqual(yes);
  expect(
    ask([allow, { ...deny, actions: new Set<Action>(['video.ptz']) }], { action: 'video.live' }),
  ).toEqual(yes);
});

test('dates: the first moment counts, the last does not', () => {
  const dated = [grant(['video.live'], { from: NOON, until: NOON + HOUR })];
  expect(ask(dated, { action: 'video.live', now: NOON - 1 })).toEqual(no('no-grant'));
  expect(ask(dated, { action: 'video.live', now: NOON })).toEqual(yes);
  expect(ask(dated, { action: 'video.live', now: NOON + HOUR - 1 })).toEqual(yes);
  expect(ask(dated, { action: 'video.live', now: NOON + HOUR })).toEqual(no('no-grant'));
});

test('weekly hours are the wall clock of the city', () => {
  const shift = [grant(['video.live'], { weekly: [{ day: 4, fromMin: 720, toMin: 780 }] })];
  expect(ask(shift, { action: 'video.live' })).toEqual(yes);
  expect(ask(shift, { action: 'video.live', now: NOON - 1 })).toEqual(no('out-of-hours'));
  expect(ask(shift, { action: 'video.live', now: NOON + HOUR })).toEqual(no('out-of-hours'));
});

test('what is older than the live window is the archive, whatever asked for it', () => {
  const live = [grant(['video.live'])];
  const both = [grant(['video.live']), grant(['video.archive'], { archiveHours: 24 })];
  expect(ask(live, { action: 'video.live', footageTime: NOON - 60_000 })).toEqual(yes);
  expect(ask(live, { action: 'video.live', footageTime: NOON - 60_001 })).toEqual(no('no-grant'));
  expect(ask(both, { action: 'video.live', footageTime: NOON - 60_001 })).toEqual(yes);
  expect(ask(both, { action: 'video.live', footageTime: NOON - 24 * HOUR - 1 })).toEqual(no('archive-depth'));
  expect(ask([grant(['video.archive'])], { action: 'video.live', footageTime: NOON })).toEqual(
    no('no-grant'),
  );
});

test('old footage needs the archive right and its depth for pictures and exports too', () => {
  const old = { footageTime: NOON - 2 * HOUR };
  expect(ask([grant(['video.snapshot'])], { action: 'video.snapshot' })).toEqual(yes);
  expect(ask([grant(['video.snapshot'])], { action: 'video.snapshot', ...old })).toEqual(no('no-grant'));
  const shallow = grant(['video.snapshot', 'video.archive'], { archiveHours: 1 });
  expect(ask([shallow], { action: 'video.snapshot', ...old })).toEqual(no('archive-depth'));
  expect(ask([shallow, grant(['video.archive'])], { action: 'video.snapshot', ...old })).toEqual(
    no('archive-depth'),
  );
  expect(ask([grant(['video.snapshot', 'video.archive'])], { action: 'video.snapshot', ...old })).toEqual(
    yes,
  );
});

test('the deepest grant that covers the camera decides how far back', () => {
  const grants = [
    grant(['video.archive'], { archiveHours: 1 }),
    grant(['video.archive'], { archiveHours: 48, scope: { type: 'okrug', id: 'cao' } }),
    grant(['video.archive'], { scope: { type: 'okrug', id: 'sao' } }),
  ];
  const back = (hours: number) => ask(grants, { action: 'video.archive', footageTime: NOON - hours * HOUR });
  expect(back(48)).toEqual(yes);
  expect(back(49)).toEqual(no('archive-depth'));
  expect(ask(grants, { action: 'video.archive' })).toEqual(yes);
});

test('asked "anywhere", a grant counts unless a denial covers all of it', () => {
  const anywhere = (...grants: RightsGrant[]) =>
    may(grants, { action: 'video.live', place: null, now: NOON }, zone, {
      okrugOfDistrict: (id) => (id === 'arbat' ? 'cao' : undefined),
      placeOf: () => undefined,
    });
  const inArbat = grant(['video.live'], { scope: { type: 'district', id: 'arbat' } });
  const deny = (scope: Scope) => grant(['video.live'], { effect: 'deny', scope });
  expect(anywhere(inArbat)).toEqual(yes);
  expect(anywhere(inArbat, deny({ type: 'okrug', id: 'sao' }))).toEqual(yes);
  expect(anywhere(inArbat, deny({ type: 'okrug', id: 'cao' }))).toEqual(no('denied'));
  expect(anywhere(inArbat, deny({ type: 'city' }))).toEqual(no('denied'));
  expect(anywhere(grant(['video.live']), deny({ type: 'okrug', id: 'cao' }))).toEqual(yes);
});

// From here on: random cities, grants and moments.
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
