import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ImportDesk, importDesk } from '../../../tests/support/import-desk.ts';

let desk: ImportDesk;
beforeEach(async () => {
  desk = await importDesk();
});
afterEach(() => desk.city.stop());

describe('a bad file is refused whole', () => {
  test('every bad row by line, column and reason', async () => {
    await desk.add({ id: 'known' });
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
    expect(await desk.problems(text)).toEqual([
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
    expect(desk.city.devices.count).toBe(1);
  });

  test('a child of a refused switch is not blamed', async () => {
    const text = 'id,kind,name,lat,lon,district,parent\ns,switch,S,x,2,arbat,\nc,camera,C,1,2,arbat,s\n';
    expect(await desk.problems(text)).toEqual([[2, 'lat', 'not-a-number']]);
  });

  test('a MAC that is none: its dialect would take the device for a stranger', async () => {
    const text =
      'id,kind,name,lat,lon,district,mac\na,ap,A,55,37,arbat,zzz\nb,ap,B,55,37,arbat,5098.7100.327B\n';
    expect(await desk.problems(text)).toEqual([[2, 'mac', 'bad-mac']]);
  });

  test('a header without id, or with a column twice', async () => {
    expect(await desk.problems('name;lat\nx;1\n')).toEqual([[1, 'id', 'column-missing']]);
    expect(await desk.problems('id;lat;широта\nx;1;1\n')).toEqual([[1, 'широта', 'column-twice']]);
  });

  test('a quotation mark that is never closed, besides what came before', async () => {
    expect(await desk.problems('id;name\nnew;N\nx;"open\n')).toEqual([
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
    const { result } = await desk.importing(bytes);
    expect(result.errors).toMatchObject([{ line: 2, column: 'name', code: 'bad-encoding' }]);
  });

  test('the first thousand are named, all are counted', async () => {
    const rows = Array.from({ length: 1500 }, (_, i) => `d-${i};oops\n`).join('');
    const { result } = await desk.importing(`id;lat\n${rows}`);
    expect(result.errorCount).toBe(1500);
    expect(result.errors).toHaveLength(1000);
    expect(result.errors.at(-1)?.line).toBe(1001);
  });

  test.each(['', '\n\n', 'id;name\n'])('nothing in it: %j', async (text) => {
    const { refused } = await desk.importing(text);
    expect(refused?.code).toBe('import-empty');
  });
});
