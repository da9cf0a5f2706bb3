import type { Area, DeviceInput, DeviceKind } from '../../contract/device.ts';
import { fold } from '../fold.ts';
import type { ImportField } from './header.ts';

/** What one row gives; undefined is a column that is not there. Nothing is checked against the registry yet. */
export type RowValues = { [K in keyof DeviceInput]?: DeviceInput[K] | undefined };

export interface CellProblem {
  field: ImportField;
  code: string;
  message: string;
}

const KINDS: Record<string, DeviceKind> = {
  camera: 'camera',
  cam: 'camera',
  камера: 'camera',
  видеокамера: 'camera',
  ap: 'ap',
  'access point': 'ap',
  accesspoint: 'ap',
  wifi: 'ap',
  'wi-fi': 'ap',
  'точка доступа': 'ap',
  точка: 'ap',
  тд: 'ap',
  switch: 'switch',
  коммутатор: 'switch',
  свитч: 'switch',
};

/** Our own files put it before what a spreadsheet would take for a formula (`csv.ts`). */
const SHIELD = /^'(?=[=+\-@])/;

const TRUE = new Set(['1', 'true', 'yes', 'y', '+', 'да', 'д', 'истина']);
const FALSE = new Set(['0', 'false', 'no', 'n', '-', 'нет', 'н', 'ложь']);

const withoutWordDistrict = (text: string): string =>
  fold(text.replace(/(^|\s)(район|р-н|district)(?=\s|$)/giu, ' '));

/** Finds a district by its id or its Russian or English name, with or without the word "район". */
export function createDistrictFinder(
  areas: Iterable<Area>,
): (text: string) => { id: string } | { problem: 'district-unknown' | 'district-ambiguous' } {
  const ids = new Map<string, string>();
  const names = new Map<string, Set<string>>();
  for (const area of areas) {
    if (area.level !== 'district') continue;
    ids.set(area.id.toLowerCase(), area.id);
    for (const name of [area.nameRu, area.nameEn]) {
      const key = withoutWordDistrict(name);
      names.set(key, (names.get(key) ?? new Set()).add(area.id));
    }
  }
  return (text) => {
    const byId = ids.get(text.trim().toLowerCase());
    if (byId !== undefined) return { id: byId };
    const [id, another] = names.get(withoutWordDistrict(text)) ?? [];
    if (id === undefined) return { problem: 'district-unknown' };
    return another === undefined ? { id } : { problem: 'district-ambiguous' };
  };
}

/** Finds a group by its id or name. */
export function createGroupFinder(groups: ReadonlyMap<string, string>): (text: string) => string | undefined {
  const byName = new Map<string, string>();
  for (const [id, name] of groups) byName.set(name.trim().toLowerCase(), id);
  return (text) => (groups.has(text) ? text : byName.get(text.toLowerCase()));
}

export interface CellReader {
  district: ReturnType<typeof createDistrictFinder>;
  group: ReturnType<typeof createGroupFinder>;
}

/**
 * The cells of a row as values. An empty cell empties its field, except that kind, name, place, district and
 * whether it is recorded cannot be empty and so stay as they are, and so do stream addresses, users and passwords,
 * which a sheet that people pass around rarely holds.
 */
export function readCells(
  fields: readonly (ImportField | null)[],
  cells: readonly string[],
  reader: CellReader,
): { values: RowValues; problems: CellProblem[] } {
  const values: RowValues = {};
  const problems: CellProblem[] = [];
  const problem = (field: ImportField, code: string, message: string) =>
    problems.push({ field, code, message });
  for (const [index, field] of fields.entries()) {
    if (field === null) continue;
    const raw = cells[index] ?? '';
    const cell =
      field === 'password' || field === 'secondpassword'
        ? raw
        : raw.replaceAll('\u00a0', ' ').trim().replace(SHIELD, '');
    const empty = cell === '';
    if (cell.includes('\ufffd'))
      problem(field, 'bad-encoding', 'The cell holds bytes that are no letters in the encoding of the file.');
    else readCell(field, cell, empty, values, reader, problem);
  }
  return { values, problems };
}

function readCell(
  field: ImportField,
  cell: string,
  empty: boolean,
  values: RowValues,
  reader: CellReader,
  problem: (field: ImportField, code: string, message: string) => void,
): void {
  const shown = cell.slice(0, 60);
  const number = (): number | undefined => {
    const value = /^[+-]?\d{1,12}(?:[.,]\d{1,20})?$/.test(cell) ? Number(cell.replace(',', '.')) : Number.NaN;
    if (!Number.isNaN(value)) return value;
    problem(field, 'not-a-number', `"${shown}" is no number.`);
    return undefined;
  };
  switch (field) {
    case 'id':
      values.id = cell;
      return;
    case 'name':
      if (!empty) values.name = cell;
      return;
    case 'address':
    case 'owner':
    case 'contractor':
    case 'model':
    case 'serial':
    case 'mac':
      values[field] = cell;
      return;
    case 'kind': {
      if (empty) return;
      values.kind = KINDS[cell.toLowerCase()];
      if (values.kind === undefined)
        problem(field, 'kind-unknown', `"${shown}" is no kind of device: write camera, ap or switch.`);
      return;
    }
    case 'lat':
    case 'lon':
      if (!empty) values[field] = number();
      return;
    case 'azimuth':
      values.azimuthDeg = empty ? null : number();
      return;
    case 'retention':
      values.retentionDays = empty ? null : number();
      return;
    case 'district': {
      if (empty) return;
      const found = reader.district(cell);
      if ('id' in found) values.districtId = found.id;
      else
        problem(
          field,
          found.problem,
          found.problem === 'district-unknown'
            ? `There is no district "${shown}".`
            : `There are several districts "${shown}": write the id.`,
        );
      return;
    }
    case 'parent':
      values.parentId = empty ? null : cell;
      return;
    case 'groups': {
      const ids: string[] = [];
      for (const name of cell.split(/[|;,]/).map((part) => part.trim())) {
        if (name === '') continue;
        const id = reader.group(name);
        if (id === undefined) problem(field, 'group-unknown', `There is no group "${name.slice(0, 60)}".`);
        else if (!ids.includes(id)) ids.push(id);
      }
      values.groupIds = ids;
      return;
    }
    case 'sound':
    case 'recorded': {
      if (empty) return;
      const word = cell.toLowerCase();
      if (TRUE.has(word)) values[field] = true;
      else if (FALSE.has(word)) values[field] = false;
      else problem(field, 'not-yes-or-no', `"${shown}" is neither yes nor no.`);
      return;
    }
    case 'stream':
      if (!empty) values.streamUrl = cell;
      return;
    case 'user':
      if (!empty) values.streamUser = cell;
      return;
    case 'password':
      if (!empty) values.streamPassword = cell;
      return;
    case 'second':
      if (!empty) values.secondUrl = cell;
      return;
    case 'seconduser':
      if (!empty) values.secondUser = cell;
      return;
    case 'secondpassword':
      if (!empty) values.secondPassword = cell;
      return;
  }
}
