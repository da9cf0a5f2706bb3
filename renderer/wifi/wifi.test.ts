import { describe, expect, it } from 'vitest';
import type { HealthStatus } from '../../main/contract/health.ts';
import { areaOptions } from './area-options.ts';
import { shownColumns } from './columns.tsx';
import { toCsv } from './csv.ts';
import { filterRows, naturalKey, noFilter, summarise, withLiveStatuses } from './rows.ts';
import { rangeOf, withSelected } from './selection.ts';
import { apRow as row } from './test-row.ts';
import { filterOf, searchOf } from './useApFilter.ts';

describe('filter', () => {
  const rows = [
    row(1),
    row(2, { status: 'offline', districtId: 'arbat', okrugId: 'cao', district: 'Арбат' }),
  ];

  it('finds every word anywhere in the row, ё as е, in any case', () => {
    expect(filterRows(rows, { ...noFilter, text: 'БЕРЕЗОВАЯ  4.2' })).toHaveLength(2);
    expect(filterRows(rows, { ...noFilter, text: 'берёзовая арбат' }).map(({ num }) => num)).toEqual([2]);
    expect(filterRows(rows, { ...noFilter, text: 'связьмонтаж' })).toHaveLength(rows.length);
    expect(filterRows(rows, { ...noFilter, text: 'ничего' })).toEqual([]);
  });

  it('takes an okrug, a district and statuses', () => {
    expect(filterRows(rows, { ...noFilter, areaId: 'cao' }).map(({ num }) => num)).toEqual([2]);
    expect(filterRows(rows, { ...noFilter, areaId: 'sokol' }).map(({ num }) => num)).toEqual([1]);
    expect(filterRows(rows, { ...noFilter, statuses: ['offline', 'suspect'] })).toHaveLength(1);
  });

  it('takes one version, and those that never told theirs', () => {
    const mixed = [row(1), row(2, { firmware: '4.2.10' }), row(3, { firmware: null, configId: null })];
    const nums = (change: object) => filterRows(mixed, { ...noFilter, ...change }).map(({ num }) => num);
    expect(nums({ firmware: '4.2.1' })).toEqual([1]);
    expect(nums({ firmware: '' })).toEqual([3]);
    expect(nums({ configId: 'c-17' })).toEqual([1, 2]);
  });

  it('is the same after a way through the address', () => {
    const filter = {
      ...{ text: 'метро & «5»', statuses: ['offline' as const, 'flapping' as const], areaId: 'cao' },
      ...{ firmware: '', configId: 'a=b' },
    };
    expect(filterOf(new URLSearchParams(searchOf(filter).toString()))).toEqual(filter);
    expect(filterOf(new URLSearchParams('status=broken'))).toEqual(noFilter);
  });
});

describe('order', () => {
  it('is that of people: numbers by size, ё with е, case aside', () => {
    const names = ['Точка 10', 'точка 9', 'Ёлочная', 'Еловая', 'Ежовая', '5:44', '5:36', '5:100'];
    expect(names.sort((a, b) => (naturalKey(a) < naturalKey(b) ? -1 : 1))).toEqual([
      '5:36',
      '5:44',
      '5:100',
      'Ежовая',
      'Еловая',
      'Ёлочная',
      'точка 9',
      'Точка 10',
    ]);
  });
});

describe('columns', () => {
  const widthOf = (room: number) =>
    shownColumns(null, false, room).reduce((sum, { width }) => sum + width, 0);

  it('never reach beyond the screen unless they were chosen, and use its room', () => {
    for (let room = 700; room <= 2600; room += 10) expect(widthOf(room)).toBeLessThanOrEqual(room - 50);
    const ids = (room: number) => shownColumns(null, false, room).map(({ id }) => id);
    expect(ids(1332)).toEqual(
      expect.arrayContaining([
        'status',
        'since',
        'name',
        'clients',
        'utilisation',
        'day',
        'channels',
        'noise',
      ]),
    );
    expect(ids(1812)).toEqual(expect.arrayContaining(['month', 'uptime', 'firmware']));
    expect(ids(700)).toEqual(expect.arrayContaining(['status', 'name', 'clients']));
    expect(shownColumns(['name', 'model'], false, 300).map(({ id }) => id)).toEqual(['name', 'model']);
  });
});

describe('selection', () => {
  it('adds and takes away, and stays the very set when nothing changes', () => {
    const two = withSelected(new Set(['a']), ['a', 'b'], true);
    expect([...two]).toEqual(['a', 'b']);
    expect(withSelected(two, ['b'], true)).toBe(two);
    expect([...withSelected(two, ['a', 'c'], false)]).toEqual(['b']);
  });

  it('of a range follows the order shown, either way, and is one row when its start is gone', () => {
    const order = ['d', 'a', 'c', 'b'];
    expect(rangeOf(order, 'a', 'b')).toEqual(['a', 'c', 'b']);
    expect(rangeOf(order, 'b', 'a')).toEqual(['a', 'c', 'b']);
    expect(rangeOf(order, 'x', 'c')).toEqual(['c']);
    expect(rangeOf(order, null, 'c')).toEqual(['c']);
  });
});

describe('live statuses', () => {
  const heard = (status: HealthStatus, since: number) => (num: number) =>
    num === 1 ? { status, since } : undefined;

  it('replace what was fetched when they are newer', () => {
    const rows = [row(1), row(2)];
    const merged = withLiveStatuses(rows, heard('offline', 5000));
    expect(merged.map(({ status }) => status)).toEqual(['offline', 'online']);
    expect(merged[0]).toMatchObject({ since: 5000, reason: 'none' });
  });

  it('leave the very same array when they tell nothing new', () => {
    const rows = [row(1), row(2)];
    expect(withLiveStatuses(rows, heard('offline', 500))).toBe(rows);
    expect(withLiveStatuses(rows, heard('online', 1000))).toBe(rows);
  });
});

describe('summary', () => {
  it('puts the worst first and counts no clients of points that are gone', () => {
    const rows = [
      row(1),
      row(2, { status: 'offline' }),
      row(3, { status: 'degraded', clients: null }),
      row(4),
    ];
    expect(summarise(rows)).toEqual({
      statuses: [
        { status: 'offline', count: 1 },
        { status: 'degraded', count: 1 },
        { status: 'online', count: 2 },
      ],
      clients: 10,
    });
  });
});

describe('CSV', () => {
  it('is what Excel of the language reads', () => {
    expect(toCsv(['Имя', 'Шум'], [['Сокол; 5', -93.5]], 'ru')).toBe('\ufeffИмя;Шум\r\n"Сокол; 5";-93,5\r\n');
    expect(toCsv(['Name', 'Noise'], [['A "b"', null]], 'en')).toBe('\ufeffName,Noise\r\n"A ""b""",\r\n');
  });

  it('keeps versions that look like dates, and numbers that are names, as they are', () => {
    const cells = ['24.11.3', '4.2.1-rc1', '007', '5:44', 'street-12', '2026-11-22 21:44:14'];
    const [, line = ''] = toCsv(['a'], [cells], 'ru').split('\r\n');
    expect(line.split(';')).toEqual([
      '"=""24.11.3"""',
      '4.2.1-rc1',
      '"=""007"""',
      '"=""5:44"""',
      'street-12',
      '2026-11-22 21:44:14',
    ]);
  });

  it('disarms formulas and keeps line breaks inside a cell', () => {
    expect(toCsv(['a'], [['=HYPERLINK("x")'], ['two\nlines']], 'en')).toBe(
      '\ufeffa\r\n"\'=HYPERLINK(""x"")"\r\n"two\nlines"\r\n',
    );
  });
});

describe('areas to choose from', () => {
  it('stand under their okrug, sorted by the language shown', () => {
    const area = (id: string, level: 'okrug' | 'district', parentId: string | null, nameRu: string) => ({
      id,
      level,
      parentId,
      nameRu,
      nameEn: id,
      lat: 55,
      lon: 37,
    });
    const areas = [
      area('sokol', 'district', 'sao', 'Сокол'),
      area('sao', 'okrug', null, 'САО'),
      area('aeroport', 'district', 'sao', 'Аэропорт'),
    ];
    expect(areaOptions(areas, 'ru').map(({ label }) => label)).toEqual([
      'САО',
      'САО — Аэропорт',
      'САО — Сокол',
    ]);
  });
});
