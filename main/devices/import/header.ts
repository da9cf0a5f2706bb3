import type { ImportRowError } from '../../contract/device.ts';

/** What a column of the file says of a device. */
export const ImportFields = [
  'id',
  'kind',
  'name',
  'address',
  'lat',
  'lon',
  'azimuth',
  'owner',
  'contractor',
  'district',
  'parent',
  'groups',
  'model',
  'serial',
  'mac',
  'stream',
  'user',
  'password',
  'second',
  'seconduser',
  'secondpassword',
  'sound',
  'recorded',
  'retention',
] as const;
export type ImportField = (typeof ImportFields)[number];

const NAMES: Record<ImportField, readonly string[]> = {
  id: ['id', 'deviceid', 'device', 'number', 'no', 'ид', 'номер', 'идентификатор', 'код'],
  kind: ['kind', 'type', 'devicekind', 'тип', 'вид', 'типустройства'],
  name: ['name', 'title', 'название', 'наименование', 'имя'],
  address: ['address', 'адрес'],
  lat: ['lat', 'latitude', 'широта'],
  lon: ['lon', 'lng', 'long', 'longitude', 'долгота'],
  azimuth: ['azimuth', 'azimuthdeg', 'direction', 'азимут', 'направление'],
  owner: ['owner', 'владелец', 'собственник'],
  contractor: ['contractor', 'maintainer', 'подрядчик', 'обслуживает', 'эксплуатирует'],
  district: ['district', 'districtid', 'район'],
  parent: ['parent', 'parentid', 'switch', 'родитель', 'коммутатор'],
  groups: ['groups', 'group', 'groupids', 'группы', 'группа'],
  model: ['model', 'модель'],
  serial: ['serial', 'serialnumber', 'sn', 'серийныйномер', 'зав№', 'заводскойномер'],
  mac: ['mac', 'macaddress', 'мак', 'mac-адрес', 'macадрес', 'макадрес'],
  stream: ['stream', 'streamurl', 'url', 'rtsp', 'поток', 'адреспотока'],
  user: ['user', 'login', 'streamuser', 'username', 'пользователь', 'логин'],
  password: ['password', 'streampassword', 'пароль'],
  second: [
    ...['second', 'secondstream', 'secondurl', 'substream', 'suburl'],
    ...['второйпоток', 'субпоток', 'адресвторогопотока'],
  ],
  seconduser: ['seconduser', 'secondlogin', 'пользовательвторогопотока', 'логинвторогопотока'],
  secondpassword: ['secondpassword', 'парольвторогопотока'],
  sound: ['sound', 'audio', 'recordsound', 'звук', 'записьзвука'],
  recorded: ['recorded', 'recording', 'record', 'запись', 'записывать'],
  retention: ['retention', 'retentiondays', 'хранение', 'хранениедней', 'срокхранения', 'глубинаархива'],
};

const tidy = (text: string): string =>
  text
    .normalize('NFC')
    .toLowerCase()
    .replaceAll('ё', 'е')
    .replace(/[\s_.,:()\-\ufeff]+/g, '');

const BY_NAME = new Map<string, ImportField>();
for (const field of ImportFields) for (const name of NAMES[field]) BY_NAME.set(tidy(name), field);

export interface Header {
  /** For each column what it says; null where that is nothing known here. */
  fields: readonly (ImportField | null)[];
  /** The column's name as the file has it. */
  titleOf(field: ImportField): string;
  has(field: ImportField): boolean;
  ignored: string[];
  problems: ImportRowError[];
}

/** Reads a header in Russian or English; case, spaces, dots and underscores do not matter. */
export function readHeader(cells: readonly string[], line: number): Header {
  const titles = new Map<ImportField, string>();
  const ignored: string[] = [];
  const problems: ImportRowError[] = [];
  const fields = cells.map((cell) => {
    const title = cell.replaceAll('\ufeff', '').trim();
    const field = BY_NAME.get(tidy(cell)) ?? null;
    if (field === null) {
      if (title !== '') ignored.push(title.slice(0, 100));
      return null;
    }
    if (titles.has(field))
      problems.push({
        line,
        column: title,
        code: 'column-twice',
        message: `The columns ${titles.get(field)} and ${title} say the same.`,
      });
    else titles.set(field, title);
    return field;
  });
  if (!titles.has('id'))
    problems.push({
      line,
      column: 'id',
      code: 'column-missing',
      message:
        'There is no column named id. The first row must hold the names of the columns, in English or Russian.',
    });
  return {
    fields,
    titleOf: (field) => titles.get(field) ?? field,
    has: (field) => titles.has(field),
    ignored,
    problems,
  };
}
