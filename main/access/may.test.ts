import { expect, test } from 'vitest';
import type { Action, Scope } from '../contract/access.ts';
import { may, type Question, type RightsGrant } from './may.ts';
import type { Geography } from './scope.ts';
import { grant, HOUR, NOON, zone } from './test-grants.ts';

const nowhere: Geography = { okrugOfDistrict: () => undefined, placeOf: () => undefined };
const camera = { id: 'cam-1', okrugId: 'cao', districtId: 'arbat', groupIds: ['metro'] };

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
