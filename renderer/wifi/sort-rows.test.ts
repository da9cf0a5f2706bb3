import { describe, expect, it } from 'vitest';
import type { ApRow } from './rows.ts';
import { createRowSorter, nextSorting, type Sorting } from './sort-rows.ts';
import { apRow } from './test-row.ts';

const names = (rows: readonly ApRow[]) => rows.map(({ name }) => name);
const by = (id: Sorting[number]['id'], desc = false): Sorting => [{ id, desc }];

describe('sorting', () => {
  const rows = [
    apRow(1, { name: 'Точка 10', clients: 4, status: 'online', since: 5 }),
    apRow(2, { name: 'Точка 2', clients: null, status: 'offline', since: 1 }),
    apRow(3, { name: 'точка 2', clients: 0, status: 'offline', since: 9 }),
    apRow(4, { name: 'Ёлочная', clients: 12, status: 'online', since: 7 }),
  ];

  it('orders as people do, keeps equals in order, and the rows given as they were', () => {
    const before = [...rows];
    expect(names(createRowSorter()(rows, by('name')))).toEqual(['Ёлочная', 'Точка 2', 'точка 2', 'Точка 10']);
    expect(names(createRowSorter()(rows, by('name', true)))).toEqual([
      'Точка 10',
      'Точка 2',
      'точка 2',
      'Ёлочная',
    ]);
    expect(rows).toEqual(before);
  });

  it('leaves those without a value last, either way', () => {
    const clients = (desc: boolean) =>
      createRowSorter()(rows, by('clients', desc)).map(({ clients }) => clients);
    expect(clients(false)).toEqual([0, 4, 12, null]);
    expect(clients(true)).toEqual([12, 4, 0, null]);
  });

  it('goes on with the next column among equals', () => {
    const sort = createRowSorter();
    const worst: Sorting = [
      { id: 'status', desc: false },
      { id: 'since', desc: true },
    ];
    expect(sort(rows, worst).map(({ num }) => num)).toEqual([3, 2, 4, 1]);
  });

  it('sees that a row was replaced', () => {
    const sort = createRowSorter();
    expect(sort(rows, by('clients')).map(({ num }) => num)).toEqual([3, 1, 4, 2]);
    const later = rows.map((row) => (row.num === 3 ? { ...row, clients: 40 } : row));
    expect(sort(later, by('clients')).map(({ num }) => num)).toEqual([1, 4, 3, 2]);
  });
});

describe('a click on a heading', () => {
  const rows = [apRow(1, { clients: null }), apRow(2, { clients: 3, day: 0.99 })];

  it('begins with what is looked for, then turns round', () => {
    expect(nextSorting(by('name'), 'clients', rows)).toEqual(by('clients', true));
    expect(nextSorting(by('clients', true), 'clients', rows)).toEqual(by('clients'));
    expect(nextSorting(by('clients'), 'firmware', rows)).toEqual(by('firmware'));
    expect(nextSorting(by('name'), 'status', rows)).toEqual(by('status'));
    expect(nextSorting(by('name'), 'day', rows)).toEqual(by('day'));
  });
});
