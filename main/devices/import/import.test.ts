import iconv from 'iconv-lite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ImportDesk, importDesk } from '../../../tests/support/import-desk.ts';

let desk: ImportDesk;
beforeEach(async () => {
  desk = await importDesk();
});
afterEach(() => desk.city.stop());

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
    const { result, refused } = await desk.importing(bytes, { progress: (share) => shares.push(share) });
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
    expect(desk.recorded).toEqual([{ added: 2, changed: 0 }]);
    expect(shares.at(-1)).toBe(1);
    expect(await desk.device('cam-1')).toMatchObject({
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
    expect((await desk.city.devices.camera('cam-1'))?.source).toEqual({
      url: 'rtsp://10.0.0.1/x',
      user: 'admin',
      password: 'п@роль',
    });
    expect(desk.city.changes).toEqual([{ deviceIds: ['sw-1', 'cam-1'] }]);
  });

  test.each([',', '\t'])('with English names and %j is read too', async (delimiter) => {
    const text = 'id,kind,name,lat,lon,district,note\nap-1,access point,Point,55.7,37.6,Kuntsevo,x\n';
    const { result } = await desk.importing(text.replaceAll(',', delimiter));
    expect(result).toMatchObject({ added: 1, delimiter, ignoredColumns: ['note'] });
    expect(desk.city.devices.get('ap-1')).toMatchObject({ kind: 'ap', districtId: 'kuntsevo' });
  });

  test('may name a parent below its child', async () => {
    const text = 'id,kind,name,lat,lon,district,parent\nc,camera,C,1,2,arbat,s\ns,switch,S,1,2,arbat,\n';
    expect((await desk.importing(text)).refused).toBeNull();
    expect(desk.city.devices.get('c')?.parentId).toBe('s');
  });
});

describe('a known id changes its device', () => {
  beforeEach(() =>
    desk.add({
      id: 'cam-1',
      name: 'Old',
      address: 'Here',
      groupIds: ['metro'],
      streamUrl: 'rtsp://h/x',
      streamPassword: 'p',
    }),
  );

  test('in the columns of the file only', async () => {
    const { result } = await desk.importing('id;name;model\ncam-1;New;M\n');
    expect(result).toMatchObject({ added: 0, changed: 1 });
    expect(await desk.device('cam-1')).toMatchObject({
      name: 'New',
      model: 'M',
      address: 'Here',
      groupIds: ['metro'],
    });
    expect((await desk.city.devices.camera('cam-1'))?.source?.password).toBe('p');
    expect(desk.city.devices.get('cam-1')?.num).toBe(1);
  });

  test('an empty cell empties what may be empty and never takes a stream away', async () => {
    await desk.importing('id;name;address;groups;stream;password\ncam-1;;;;;\n');
    expect(await desk.device('cam-1')).toMatchObject({
      name: 'Old',
      address: '',
      groupIds: [],
      hasStream: true,
    });
  });

  test('but not its kind', async () => {
    expect(await desk.problems('id;kind\ncam-1;switch\n')).toEqual([[2, 'kind', 'kind-differs']]);
  });
});
