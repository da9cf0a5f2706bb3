import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeTestCity, type TestCity, testDevice } from './devices/test-city.ts';
import { WHOLE_CITY } from './incidents/clusters.ts';
import type { IncidentRow } from './incidents/store.ts';
import { noticeIncident } from './notice-incident.ts';

let city: TestCity;
beforeEach(async () => {
  city = await makeTestCity();
  const given = [
    { id: 'sw-1', kind: 'switch' as const, name: 'Switch 1' },
    { id: 'ap-1', kind: 'ap' as const, name: 'Point 1', parentId: 'sw-1' },
  ];
  await city.devices.seed([], [], given.map(testDevice));
});
afterEach(() => city.stop());

test('an incident that another took in names that one; one that is over by itself names none', async () => {
  const row = (id: string, device: string, resolvedAt: number | null): IncidentRow => ({
    ...{ id, cause: 'device-offline', severity: 'warning', reason: 'will', foundAtStart: false },
    root:
      device === WHOLE_CITY
        ? { kind: 'area', area: WHOLE_CITY }
        : { kind: 'device', num: city.devices.get(device)?.num ?? -1 },
    ...{ openedAt: 5, clearedAt: resolvedAt, resolvedAt, mutedUntil: null, taken: null },
  });
  const rows = [
    row('whole', 'sw-1', null),
    row('part', 'ap-1', 9),
    row('over', 'ap-1', 9),
    row('city', WHOLE_CITY, null),
    { ...row('hot', 'ap-1', null), cause: 'degraded' as const, reason: 'threshold' },
    { ...row('cooled', 'ap-1', 9), cause: 'degraded' as const, reason: 'threshold' },
  ];
  const hot = { metric: 'temperature', value: 88, side: 'above' as const, clear: 75 };
  const note = (kind: 'opened' | 'absorbed' | 'closed-by-itself', text = '') => ({
    ...{ kind, at: 9, person: null, text },
  });
  const notes: Record<string, ReturnType<typeof note>[]> = {
    whole: [note('opened')],
    part: [note('opened'), note('absorbed', 'whole')],
    over: [note('opened'), note('closed-by-itself')],
  };
  const noticeOf = noticeIncident(
    {
      find: async (id) => rows.find((one) => one.id === id),
      extent: async () => ({ devices: 1, since: 4 }),
      notes: async (id) => notes[id] ?? [],
    },
    city.devices,
    { statusOf: () => ({ status: 'offline', reason: 'will', since: 4 }), exceeded: () => [hot] },
    'en',
    () => 10,
  );
  expect(await noticeOf('part')).toMatchObject({ resolved: true, partOf: { id: 'whole', name: 'Switch 1' } });
  expect(await noticeOf('over')).toMatchObject({ resolved: true, partOf: null });
  expect(await noticeOf('whole')).toMatchObject({ since: 4, clearedAt: null, partOf: null });
  expect(await noticeOf('city')).toMatchObject({
    subject: { kind: 'city', id: null, name: 'Many districts at once' },
  });
  expect(await noticeOf('whole')).toMatchObject({ exceeded: [] });
  expect(await noticeOf('hot')).toMatchObject({ cause: 'degraded', exceeded: [hot] });
  expect(await noticeOf('cooled')).toMatchObject({ exceeded: [] });
  expect(await noticeOf('nothing')).toBeUndefined();
});
