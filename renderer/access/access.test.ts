import { describe, expect, it } from 'vitest';
import { cityZone } from '../time/city-zone.ts';
import { emptyGrant, type GrantForm, grantOf, weeklyOf } from './grant-form.ts';
import { grantState, madeUpPassword, weeklyText } from './grant-words.ts';

const moscow = cityZone('Europe/Moscow');
const NOW = Date.parse('2026-11-22T12:00:00+03:00');
const filled: GrantForm = {
  ...emptyGrant(NOW, moscow),
  roleId: 'police-officer',
  scopeId: 'arbat',
  basis: 'Приказ 17',
};

describe('grant form', () => {
  it('becomes the grant it means', () => {
    expect(grantOf(filled, 'p1', moscow, NOW)).toEqual({
      problems: [],
      input: {
        personId: 'p1',
        roleId: 'police-officer',
        scope: { type: 'district', id: 'arbat' },
        effect: 'allow',
        until: Date.parse('2026-12-22T23:59:00+03:00'),
        weekly: null,
        archiveHours: null,
        basis: 'Приказ 17',
      },
    });
  });

  it('takes the whole city without a name, a beginning, hours and a depth', () => {
    const { input } = grantOf(
      {
        ...filled,
        scopeType: 'city',
        scopeId: '',
        from: '2026-11-23T08:30',
        forever: true,
        weekly: true,
        archiveHours: '72',
      },
      'p1',
      moscow,
      NOW,
    );
    expect(input).toMatchObject({
      scope: { type: 'city' },
      from: Date.parse('2026-11-23T08:30:00+03:00'),
      until: null,
      archiveHours: 72,
    });
    expect(input?.weekly).toHaveLength(5);
  });

  it.each<[Partial<GrantForm>, string]>([
    [{ roleId: '' }, 'role'],
    [{ scopeId: '' }, 'scope'],
    [{ until: '2026-11-22T11:59' }, 'until'],
    [{ until: '' }, 'until'],
    [{ from: '2027-01-01T00:00' }, 'until'],
    [{ until: '2026-13-40T00:00' }, 'time'],
    [{ weekly: true, hours: [{ days: [], from: '09:00', to: '18:00' }] }, 'hours'],
    [{ basis: '  ' }, 'basis'],
    [{ basis: 'x'.repeat(301) }, 'basis'],
  ])('says what is wrong with %o', (change, problem) => {
    expect(grantOf({ ...filled, ...change }, 'p1', moscow, NOW)).toEqual({
      input: null,
      problems: [problem],
    });
  });
});

describe('weekly hours', () => {
  it('past midnight belong to two days, Sunday’s to Monday', () => {
    expect(weeklyOf([{ days: [5, 7], from: '22:00', to: '06:00' }])).toEqual([
      { day: 1, fromMin: 0, toMin: 360 },
      { day: 5, fromMin: 1320, toMin: 1440 },
      { day: 6, fromMin: 0, toMin: 360 },
      { day: 7, fromMin: 1320, toMin: 1440 },
    ]);
    expect(weeklyOf([{ days: [1], from: '22:00', to: '00:00' }])).toEqual([
      { day: 1, fromMin: 1320, toMin: 1440 },
    ]);
  });

  it('that say nothing are refused', () => {
    expect(weeklyOf([{ days: [1], from: '09:00', to: '09:00' }])).toBeUndefined();
    expect(weeklyOf([{ days: [1], from: '', to: '09:00' }])).toBeUndefined();
    expect(weeklyOf([])).toBeUndefined();
  });

  it('are worded with days that follow each other as one', () => {
    const days = ['', 'пн', 'вт', 'ср', 'чт', 'пт', 'сб', 'вс'];
    const weekly = [1, 2, 3, 4, 5].map((day) => ({ day, fromMin: 540, toMin: 1080 }));
    expect(weeklyText([...weekly, { day: 6, fromMin: 600, toMin: 1440 }], (day) => days[day] ?? '')).toBe(
      'пн–пт 09:00–18:00, сб 10:00–24:00',
    );
    expect(
      weeklyText(
        weekly.filter(({ day }) => day !== 3),
        (day) => days[day] ?? '',
      ),
    ).toBe('пн, вт, чт, пт 09:00–18:00');
  });
});

describe('state of a grant', () => {
  it('follows its dates', () => {
    expect(grantState({ from: NOW - 1, until: null, endedAt: null }, NOW)).toBe('active');
    expect(grantState({ from: NOW + 1, until: null, endedAt: null }, NOW)).toBe('future');
    expect(grantState({ from: 0, until: NOW, endedAt: null }, NOW)).toBe('expired');
    expect(grantState({ from: 0, until: NOW - 5, endedAt: NOW - 9 }, NOW)).toBe('ended');
  });
});

describe('made-up password', () => {
  it('is long, readable, and never the same', () => {
    const make = () => madeUpPassword((bytes) => crypto.getRandomValues(bytes));
    expect(make()).toMatch(/^([a-zA-Z2-9]{5}-){3}[a-zA-Z2-9]{5}$/);
    expect(make()).not.toMatch(/[01IlOo]/);
    expect(make()).not.toBe(make());
  });
});
