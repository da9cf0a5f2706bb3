import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import iconv from 'iconv-lite';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { DeviceInput } from '../../contract/device.ts';
import { allOnline, makeTestCity, type TestCity, testDevice } from '../test-city.ts';
import type { ImportOptions } from '../types.ts';

let city: TestCity;
let recorded: { added: number; changed: number }[] = [];
beforeEach(async () => {
  city = await makeTestCity();
  recorded = [];
});
afterEach(() => city.stop());

const always: ImportOptions['rights'] = { edit: () => true, move: () => true, stillAllowed: () => true };

function importing(content: string | Uint8Array, options: Partial<ImportOptions> = {}) {
  const file = join(city.dir, 'upload.csv');
  writeFileSync(file, content);
  return city.devices.importCsv(file, {
    rights: always,
    signal: new AbortController().signal,
    progress: () => undefined,
    record: async (_trx, counts) => {
      recorded.push(counts);
    },
    ...options,
  });
}

async function add(...inputs: (Partial<DeviceInput> & { id: string })[]): Promise<void> {
  await city.storage.db.transaction().execute(async (trx) => {
    for (const input of inputs) await city.devices.add(trx, testDevice(input));
  });
  await city.devices.committed(inputs.map(({ id }) => id));
}

const device = (id: string) => city.devices.device(id, allOnline);
const problems = async (content: string, options?: Partial<ImportOptions>) => {
  const { result, refused } = await importing(content, options);
  expect(refused?.code).toBe('import-rows-bad');
  expect(recorded).toEqual([]);
  return result.errors.map(({ line, column, code }) => [line, column, code]);
};

const russian = [
  'Номер;Тип;Название;Адрес;Широта;Долгота;Азимут;Владелец;Район;Родитель;Группы;Модель;Подрядчик;Поток;Пользователь;Пароль;Запись;Хранение',
  'sw-1;коммутатор;Шкаф 1;;55,7501;37,5902;;ГКУ;район Арбат;;;;;;;;;',
  'cam-1;Камера;Щёлковская камера;"ул. Арбат; 1";55,75;37,59;270;ГКУ;Арбат;sw-1;школы|Метро;DS-2;ООО Видео;rtsp://10.0.0.1/x;admin;п@роль;нет;14',
  '',
].join('\r\n');

describe('a good file', () => {
  test.each([
    ['windows-1251', iconv.encode(russian, 'windows-1251')],
    ['utf-8', Buffer.from(russian)],
    ['utf-8', Buffer.from(`\ufeff${russian}`)],
    ['utf-16le', iconv.encode(russian, 'utf-16le', { addBOM: true })],
    ['utf-16be', iconv.encode(russian, 'utf-16be', { addBOM: true })],
    ['utf-16le', iconv.encode(russian, 'utf-16le', { addBOM: false })],
    ['windows-1251', iconv.encode(`sep=;\r\n${russian}`, 'windows-1251')],
  ])('in %s as Excel writes it is simply read', async (encoding, bytes) => {
    const shares: number[] = [];
    const { result, refused } = await importing(bytes, { progress: (share) => shares.push(share) });
    expect(refused).toBeNull();
    expect(result).toEqual({
      rows: 2,
      added: 2,
      changed: 0,
      encoding,
      delimiter: ';',
      errorCount: 0,
      errors: [],
      ignoredColumns: [],
    });
    expect(recorded).toEqual([{ added: 2, changed: 0 }]);
    expect(shares.at(-1)).toBe(1);
    expect(await device('cam-1')).toMatchObject({
      kind: 'camera',
      name: 'Щёлковская камера',
      address: 'ул. Арбат; 1',
      lat: 55.75,
      lon: 37.59,
      azimuthDeg: 270,
      districtId: 'arbat',
      okrugId: 'cao',
      parentId: 'sw-1',
      groupIds: ['metro', 'schools'],
      recorded: false,
      retentionDays: 14,
      contractor: 'ООО Видео',
      streamHost: 'rtsp://10.0.0.1',
    });
    expect((await city.devices.camera('cam-1'))?.source).toEqual({
      url: 'rtsp://10.0.0.1/x',
      user: 'admin',
      password: 'п@роль',
    });
    expect(city.changes).toEqual([{ deviceIds: ['sw-1', 'cam-1'] }]);
  });

  test.each([',', '\t'])('with English names and %j is read too', async (delimiter) => {
    const text = 'id,kind,name,lat,lon,district,note\nap-1,access point,Point,55.7,37.6,Kuntsevo,x\n';
    const { result } = await importing(text.replaceAll(',', delimiter));
    expect(result).toMatchObject({ added: 1, delimiter, ignoredColumns: ['note'] });
    expect(city.devices.get('ap-1')).toMatchObject({ kind: 'ap', districtId: 'kuntsevo' });
  });

  test('may name a parent below its child', async () => {
    const text = 'id,kind,name,lat,lon,district,parent\nc,camera,C,1,2,arbat,s\ns,switch,S,1,2,arbat,\n';
    expect((await importing(text)).refused).toBeNull();
    expect(city.devices.get('c')?.parentId).toBe('s');
  });
});

describe('a known id changes its device', () => {
  beforeEach(() =>
    add({
      id: 'cam-1',
      name: 'Old',
      address: 'Here',
      groupIds: ['metro'],
      streamUrl: 'rtsp://h/x',
      streamPassword: 'p',
    }),
  );

  test('in the columns of the file only', async () => {
    const { result } = await importing('id;name;model\ncam-1;New;M\n');
    expect(result).toMatchObject({ added: 0, changed: 1 });
    expect(await device('cam-1')).toMatchObject({
      name: 'New',
      model: 'M',
      address: 'Here',
      groupIds: ['metro'],
    });
    expect((await city.devices.camera('cam-1'))?.source?.password).toBe('p');
    expect(city.devices.get('cam-1')?.num).toBe(1);
  });

  test('an empty cell empties what may be empty and never takes a stream away', async () => {
    await importing('id;name;address;groups;stream;password\ncam-1;;;;;\n');
    expect(await device('cam-1')).toMatchObject({ name: 'Old', address: '', groupIds: [], hasStream: true });
  });

  test('but not its kind', async () => {
    expect(await problems('id;kind\ncam-1;switch\n')).toEqual([[2, 'kind', 'kind-differs']]);
  });
});

describe('a bad file is refused whole', () => {
  test('every bad row by line, column and reason', async () => {
    await add({ id: 'known' });
    const text = [
      'Номер;Тип;Название;Широта;Долгота;Район;Родитель;Группы;Запись;Поток;Азимут',
      'ok;камера;Хорошая;55,7;37,6;arbat;;;;;',
      ';камера;Без номера;55,7;37,6;arbat;;;;;',
      'ok;камера;Ещё раз;55,7;37,6;arbat;;;;;',
      'a;утюг;X;55,7;37,6;arbat;;;;;',
      'b;камера;X;пятьдесят;37,6;arbat;;;;;',
      'c;камера;X;155,7;37,6;arbat;;;;;',
      'd;камера;X;55,7;37,6;Марс;;;;;',
      'e;камера;X;55,7;37,6;arbat;no-such;;;;',
      'f;камера;X;55,7;37,6;arbat;known;;;;',
      'g;камера;X;55,7;37,6;arbat;;тайная;;;',
      'h;камера;X;55,7;37,6;arbat;;;может быть;;',
      'i;камера;X;55,7;37,6;arbat;;;;gopher://x;',
      'j;камера;;55,7;37,6;arbat;;;;;',
      'плохой номер;камера;X;55,7;37,6;arbat;;;;;',
      'k;камера;X;55,7;37,6;arbat;;;;;;;лишнее',
      'l;коммутатор;X;55,7;37,6;arbat;m;;;;',
      'm;коммутатор;X;55,7;37,6;arbat;l;;;;',
      `n;камера;${'Я'.repeat(201)};55,7;37,6;arbat;;;;;400`,
    ].join('\r\n');
    expect(await problems(text)).toEqual([
      [3, 'Номер', 'required'],
      [4, 'Номер', 'duplicate'],
      [5, 'Тип', 'kind-unknown'],
      [6, 'Широта', 'not-a-number'],
      [7, 'Широта', 'out-of-range'],
      [8, 'Район', 'district-unknown'],
      [9, 'Родитель', 'parent-unknown'],
      [10, 'Родитель', 'parent-not-switch'],
      [11, 'Группы', 'group-unknown'],
      [12, 'Запись', 'not-yes-or-no'],
      [13, 'Поток', 'bad-stream-address'],
      [14, 'Название', 'required'],
      [15, 'Номер', 'bad-id'],
      [16, undefined, 'too-many-cells'],
      [17, 'Родитель', 'parent-circle'],
      [18, 'Родитель', 'parent-circle'],
      [19, 'Название', 'too-long'],
      [19, 'Азимут', 'out-of-range'],
    ]);
    expect(city.devices.count).toBe(1);
  });

  test('a child of a refused switch is not blamed', async () => {
    const text = 'id,kind,name,lat,lon,district,parent\ns,switch,S,x,2,arbat,\nc,camera,C,1,2,arbat,s\n';
    expect(await problems(text)).toEqual([[2, 'lat', 'not-a-number']]);
  });

  test('a MAC that is none: its dialect would take the device for a stranger', async () => {
    const text =
      'id,kind,name,lat,lon,district,mac\na,ap,A,55,37,arbat,zzz\nb,ap,B,55,37,arbat,5098.7100.327B\n';
    expect(await problems(text)).toEqual([[2, 'mac', 'bad-mac']]);
  });

  test('a header without id, or with a column twice', async () => {
    expect(await problems('name;lat\nx;1\n')).toEqual([[1, 'id', 'column-missing']]);
    expect(await problems('id;lat;широта\nx;1;1\n')).toEqual([[1, 'широта', 'column-twice']]);
  });

  test('a quotation mark that is never closed, besides what came before', async () => {
    expect(await problems('id;name\nnew;N\nx;"open\n')).toEqual([
      [2, 'kind', 'required'],
      [2, 'lat', 'required'],
      [2, 'lon', 'required'],
      [2, 'district', 'required'],
      [3, undefined, 'quote-not-closed'],
    ]);
  });

  test('letters that are none', async () => {
    const bytes = Buffer.from('id;name\ncam;Камера наблюдения на Арбате\n');
    bytes[bytes.length - 3] = 0xff;
    const { result } = await importing(bytes);
    expect(result.errors).toMatchObject([{ line: 2, column: 'name', code: 'bad-encoding' }]);
  });

  test('the first thousand are named, all are counted', async () => {
    const rows = Array.from({ length: 1500 }, (_, i) => `d-${i};oops\n`).join('');
    const { result } = await importing(`id;lat\n${rows}`);
    expect(result.errorCount).toBe(1500);
    expect(result.errors).toHaveLength(1000);
    expect(result.errors.at(-1)?.line).toBe(1001);
  });

  test.each(['', '\n\n', 'id;name\n'])('nothing in it: %j', async (text) => {
    const { refused } = await importing(text);
    expect(refused?.code).toBe('import-empty');
  });
});

describe('rights', () => {
  const row = (id: string, district: string) => `${id};camera;X;55;37;${district};\n`;
  const header = 'id;kind;name;lat;lon;district;owner\n';

  test('are asked of every row, as the device is and as it would be', async () => {
    await add({ id: 'here', districtId: 'arbat' }, { id: 'there', districtId: 'kuntsevo' });
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
    expect(await problems(text, { rights })).toEqual([
      [3, 'id', 'no-right'],
      [4, 'id', 'no-right'],
    ]);
  });

  test('to move a device need access to be managed where it was and where it goes', async () => {
    await add({ id: 'here', districtId: 'arbat' });
    const move = (places: string[]) => (d: { districtId: string }) => places.includes(d.districtId);
    const text = header + row('here', 'kuntsevo');
    for (const places of [[], ['arbat'], ['kuntsevo']])
      expect(await problems(text, { rights: { ...always, move: move(places) } })).toEqual([
        [2, 'district', 'no-right'],
      ]);
    const both = await importing(text, { rights: { ...always, move: move(['arbat', 'kuntsevo']) } });
    expect(both.refused).toBeNull();
  });

  test('that end while the file is read leave nothing', async () => {
    const rights = { ...always, stillAllowed: () => false };
    await expect(importing(header + row('new', 'arbat'), { rights })).rejects.toMatchObject({
      code: 'no-right',
    });
    expect(city.devices.count).toBe(0);
  });
});

describe('all or nothing', () => {
  const many = (count: number) =>
    `id;kind;name;lat;lon;district\n${Array.from({ length: count }, (_, i) => `n-${i};camera;N${i};55;37;arbat\n`).join('')}`;
  const rowsStored = async () => (await city.storage.db.selectFrom('device').select('num').execute()).length;

  test('cancelled while reading', async () => {
    const controller = new AbortController();
    const progress = (share: number) => {
      if (share > 0.3) controller.abort();
    };
    const cancelled = importing(many(5000), { signal: controller.signal, progress });
    await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' });
    expect(await rowsStored()).toBe(0);
  });

  test('cancelled while writing', async () => {
    const controller = new AbortController();
    const progress = (share: number) => {
      if (share > 0.85) controller.abort();
    };
    const cancelled = importing(many(5000), { signal: controller.signal, progress });
    await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' });
    expect(await rowsStored()).toBe(0);
    expect(city.devices.count).toBe(0);
  });

  test('on a full disk, with a sentence, and the registry goes on', async () => {
    const { db } = city.storage;
    const pages = await sql<{ page_count: number }>`pragma page_count`.execute(db);
    await sql`pragma max_page_count = ${sql.lit((pages.rows[0]?.page_count ?? 0) + 5)}`.execute(db);
    await expect(importing(many(3000))).rejects.toMatchObject({ code: 'disk-full' });
    expect(await rowsStored()).toBe(0);
    await add({ id: 'after' });
    expect(city.devices.count).toBe(1);
  });

  test('when the entry for the record cannot be stored', async () => {
    const record = async () => {
      throw new Error('no record');
    };
    await expect(importing(many(10), { record })).rejects.toThrow('no record');
    expect(await rowsStored()).toBe(0);
  });

  test('a registry changed meanwhile is looked at again before anything is written', async () => {
    let once = false;
    const progress = (share: number) => {
      if (once || share < 0.1) return;
      once = true;
      adding = add({ id: 'n-7', name: 'Mine', kind: 'switch' });
    };
    let adding: Promise<void> = Promise.resolve();
    const { result, refused } = await importing(many(5000), { progress });
    await adding;
    expect(refused?.code).toBe('import-rows-bad');
    expect(result.errors).toMatchObject([{ line: 9, column: 'kind', code: 'kind-differs' }]);
    expect(city.devices.count).toBe(1);
  });

  test('very many at once, each with its number, the event loop free meanwhile', async () => {
    let turns = 0;
    const ticking = setInterval(() => {
      turns += 1;
    }, 1);
    const { result } = await importing(many(3000));
    clearInterval(ticking);
    expect(result.added).toBe(3000);
    expect(turns).toBeGreaterThan(3);
    expect(city.devices.get('n-2999')?.num).toBe(3000);
    expect(city.changes).toEqual([{ deviceIds: null }]);
  });
});
