import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { always, type ImportDesk, importDesk } from '../../../tests/support/import-desk.ts';

let desk: ImportDesk;
beforeEach(async () => {
  desk = await importDesk();
});
afterEach(() => desk.city.stop());

describe('rights', () => {
  const row = (id: string, district: string) => `${id};camera;X;55;37;${district};\n`;
  const header = 'id;kind;name;lat;lon;district;owner\n';

  test('are asked of every row, as the device is and as it would be', async () => {
    await desk.add({ id: 'here', districtId: 'arbat' }, { id: 'there', districtId: 'kuntsevo' });
    const rights = {
      ...always,
      edit: (d: { districtId: string }) => d.districtId === 'arbat',
      move: () => false,
    };
    const text =
      header +
      row('here', 'arbat') +
      row('there', 'kuntsevo') +
      row('new', 'kuntsevo') +
      row('new2', 'arbat');
    expect(await desk.problems(text, { rights })).toEqual([
      [3, 'id', 'no-right'],
      [4, 'id', 'no-right'],
    ]);
  });

  test('to move a device need access to be managed where it was and where it goes', async () => {
    await desk.add({ id: 'here', districtId: 'arbat' });
    const move = (places: string[]) => (d: { districtId: string }) => places.includes(d.districtId);
    const text = header + row('here', 'kuntsevo');
    for (const places of [[], ['arbat'], ['kuntsevo']])
      expect(await desk.problems(text, { rights: { ...always, move: move(places) } })).toEqual([
        [2, 'district', 'no-right'],
      ]);
    const both = await desk.importing(text, { rights: { ...always, move: move(['arbat', 'kuntsevo']) } });
    expect(both.refused).toBeNull();
  });

  test('that end while the file is read leave nothing', async () => {
    const rights = { ...always, stillAllowed: () => false };
    await expect(desk.importing(header + row('new', 'arbat'), { rights })).rejects.toMatchObject({
      code: 'no-right',
    });
    expect(desk.city.devices.count).toBe(0);
  });
});

describe('all or nothing', () => {
  const many = (count: number) =>
    `id;kind;name;lat;lon;district\n${Array.from({ length: count }, (_, i) => `n-${i};camera;N${i};55;37;arbat\n`).join('')}`;
  const rowsStored = async () =>
    (await desk.city.storage.db.selectFrom('device').select('num').execute()).length;

  test('cancelled while reading', async () => {
    const controller = new AbortController();
    const progress = (share: number) => {
      if (share > 0.3) controller.abort();
    };
    const cancelled = desk.importing(many(5000), { signal: controller.signal, progress });
    await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' });
    expect(await rowsStored()).toBe(0);
  });

  test('cancelled while writing', async () => {
    const controller = new AbortController();
    const progress = (share: number) => {
      if (share > 0.85) controller.abort();
    };
    const cancelled = desk.importing(many(5000), { signal: controller.signal, progress });
    await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' });
    expect(await rowsStored()).toBe(0);
    expect(desk.city.devices.count).toBe(0);
  });

  test('on a full disk, with a sentence, and the registry goes on', async () => {
    const { db } = desk.city.storage;
    const pages = await sql<{ page_count: number }>`pragma page_count`.execute(db);
    await sql`pragma max_page_count = ${sql.lit((pages.rows[0]?.page_count ?? 0) + 5)}`.execute(db);
    await expect(desk.importing(many(3000))).rejects.toMatchObject({ code: 'disk-full' });
    expect(await rowsStored()).toBe(0);
    await desk.add({ id: 'after' });
    expect(desk.city.devices.count).toBe(1);
  });

  test('when the entry for the record cannot be stored', async () => {
    const record = async () => {
      throw new Error('no record');
    };
    await expect(desk.importing(many(10), { record })).rejects.toThrow('no record');
    expect(await rowsStored()).toBe(0);
  });

  test('a registry changed meanwhile is looked at again before anything is written', async () => {
    let once = false;
    const progress = (share: number) => {
      if (once || share < 0.1) return;
      once = true;
      adding = desk.add({ id: 'n-7', name: 'Mine', kind: 'switch' });
    };
    let adding: Promise<void> = Promise.resolve();
    const { result, refused } = await desk.importing(many(5000), { progress });
    await adding;
    expect(refused?.code).toBe('import-rows-bad');
    expect(result.errors).toMatchObject([{ line: 9, column: 'kind', code: 'kind-differs' }]);
    expect(desk.city.devices.count).toBe(1);
  });

  test('very many at once, each with its number, the event loop free meanwhile', async () => {
    let turns = 0;
    const ticking = setInterval(() => {
      turns += 1;
    }, 1);
    const { result } = await desk.importing(many(3000));
    clearInterval(ticking);
    expect(result.added).toBe(3000);
    expect(turns).toBeGreaterThan(3);
    expect(desk.city.devices.get('n-2999')?.num).toBe(3000);
    expect(desk.city.changes).toEqual([{ deviceIds: null }]);
  });
});
