import { describe, expect, it } from 'vitest';
import type { Incident } from '../../main/contract/incidents.ts';
import { createAlarms, QUIET_MS } from './alarm.ts';

const incident = (id: string, given: Partial<Incident> = {}): Incident => ({
  ...{
    id,
    cause: 'device-offline',
    severity: 'warning',
    subject: { kind: 'hub' },
    reason: 'will',
    exceeded: [],
    openedAt: 1,
    since: 1,
  },
  ...{ clearedAt: null, resolvedAt: null, foundAtStart: false, taken: null, mutedUntil: null },
  ...{ affected: { now: 1, ever: 1 }, districts: 1 },
  ...given,
});

describe('alarms', () => {
  it('tell what is new, the worst first, and not what was there when the console opened', () => {
    const alarms = createAlarms(() => 1_000);
    expect(alarms.take([incident('a')])).toBeUndefined();
    const told = alarms.take([incident('a'), incident('b'), incident('c', { severity: 'critical' })]);
    expect(told?.incidents.map(({ id }) => id)).toEqual(['c', 'b']);
    expect(alarms.take([incident('a'), incident('b')])).toBeUndefined();
  });

  it('tell of what comes back, but not to whom has it in hand', () => {
    let now = 0;
    const alarms = createAlarms(() => now);
    const taken = { personId: 'p', name: 'Anna', at: 1 };
    alarms.take([incident('a'), incident('t', { taken })]);
    expect(
      alarms.take([incident('a', { clearedAt: 5 }), incident('t', { taken, clearedAt: 5 })]),
    ).toBeUndefined();
    now = QUIET_MS;
    const told = alarms.take([incident('a'), incident('t', { taken })]);
    expect(told?.incidents.map(({ id }) => id)).toEqual(['a']);
  });

  it('leave out what is muted, over or only information', () => {
    const alarms = createAlarms(() => 1_000);
    alarms.take([]);
    const quiet = [
      incident('m', { mutedUntil: 2_000 }),
      incident('o', { clearedAt: 900 }),
      incident('i', { severity: 'info' }),
    ];
    expect(alarms.take(quiet)).toBeUndefined();
  });

  it('are one in ten seconds, and lose nothing that still lasts', () => {
    let now = 0;
    const alarms = createAlarms(() => now);
    alarms.take([]);
    expect(alarms.take([incident('a')])?.incidents).toHaveLength(1);
    now = 3_000;
    const list = [incident('a'), incident('b'), incident('c')];
    expect(alarms.take(list)).toBeUndefined();
    expect(alarms.dueIn()).toBe(QUIET_MS - 3_000);
    now = QUIET_MS;
    expect(alarms.take([incident('a'), incident('c')])?.incidents.map(({ id }) => id)).toEqual(['c']);
    expect(alarms.dueIn()).toBeNull();
  });
});
