import { AppError } from '../../base/errors.ts';
import type { Area, DeviceInput as DeviceInputType } from '../../contract/device.ts';
import { DeviceInput } from '../../contract/device.ts';
import { movesDevice, recordOf } from '../record.ts';
import { type DeviceRow, inputOf, type NewDeviceRow, type PlainInput, rowOf } from '../rows.ts';
import type { StreamKeeper } from '../streams.ts';
import type { DeviceRecord, ImportRights } from '../types.ts';
import { apart, merged } from '../write.ts';
import type { CellProblem, RowValues } from './cells.ts';
import type { ImportField } from './header.ts';

const FIELD_OF: { [K in keyof DeviceInputType]: ImportField } = {
  id: 'id',
  kind: 'kind',
  name: 'name',
  address: 'address',
  lat: 'lat',
  lon: 'lon',
  azimuthDeg: 'azimuth',
  owner: 'owner',
  contractor: 'contractor',
  districtId: 'district',
  parentId: 'parent',
  groupIds: 'groups',
  model: 'model',
  serial: 'serial',
  mac: 'mac',
  recorded: 'recorded',
  retentionDays: 'retention',
  streamUrl: 'stream',
  streamUser: 'user',
  streamPassword: 'password',
  secondUrl: 'second',
  secondUser: 'seconduser',
  secondPassword: 'secondpassword',
  sound: 'sound',
};

export interface CheckedRow {
  row: NewDeviceRow;
  groupIds: readonly string[];
}

export interface RowChecks {
  rights: ImportRights;
  streams: StreamKeeper;
  areas: ReadonlyMap<string, Area>;
  now: number;
}

/** Checks a row that no device has yet, or, with `before`, one that changes a device; parents are checked later. */
export function checkRow(
  values: RowValues,
  before: { row: DeviceRow; groupIds: readonly string[] } | undefined,
  { rights, streams, areas, now }: RowChecks,
): { checked: CheckedRow } | { problems: CellProblem[] } {
  const { stream, plain } = apart(values);
  const was = before ? inputOf(before.row, before.groupIds) : undefined;
  if (was && plain.kind !== undefined && plain.kind !== was.kind)
    return one('kind', 'kind-differs', `The device is a ${was.kind}; its kind cannot change.`);
  const given = { ...(was ? merged(was, plain) : plain), ...stream };
  const parsed = DeviceInput.safeParse(given);
  if (!parsed.success) return { problems: worded(parsed.error.issues, given) };
  const input: PlainInput = parsed.data;
  const record = recordOf(before?.row.num ?? 0, input, areas);
  const denied = was
    ? deniedChange(was, input, recordOf(record.num, was, areas), record, rights)
    : !rights.edit(record)
      ? 'edit'
      : input.groupIds.length > 0 && !rights.move(record)
        ? 'move'
        : null;
  if (denied === 'edit')
    return one('id', 'no-right', 'You do not have the right device.edit for this device.');
  if (denied === 'move')
    return one(
      'district',
      'no-right',
      'To move a device to another district, group or owner you need the right access.manage too.',
    );
  try {
    const columns = before
      ? streams.forChange(before.row, stream)
      : streams.forNew(input.id, input.kind, stream);
    return { checked: { row: rowOf(input, columns, now), groupIds: input.groupIds } };
  } catch (error) {
    if (error instanceof AppError) return one('stream', error.code, error.message);
    throw error;
  }
}

const one = (field: ImportField, code: string, message: string) => ({ problems: [{ field, code, message }] });

function deniedChange(
  was: PlainInput,
  input: PlainInput,
  recordBefore: DeviceRecord,
  recordAfter: DeviceRecord,
  rights: ImportRights,
): 'edit' | 'move' | null {
  if (!rights.edit(recordBefore)) return 'edit';
  if (!movesDevice(was, input)) return null;
  return rights.move(recordBefore) && rights.move(recordAfter) ? null : 'move';
}

type Issue = { code: string; path: PropertyKey[]; message: string };

function worded(issues: readonly Issue[], given: RowValues): CellProblem[] {
  return issues.map((issue) => {
    const key = String(issue.path[0] ?? 'id');
    const field = isInputKey(key) ? FIELD_OF[key] : 'id';
    const value = isInputKey(key) ? given[key] : undefined;
    if (value === undefined || value === '')
      return { field, code: 'required', message: 'A new device needs this.' };
    if (field === 'id' || field === 'parent')
      return {
        field,
        code: 'bad-id',
        message: 'An id has 1 to 64 Latin letters, digits, dots, dashes and underscores.',
      };
    if (field === 'mac')
      return { field, code: 'bad-mac', message: 'A MAC has 12 hexadecimal digits: 50:98:71:00:32:7B.' };
    if (issue.code === 'too_big' || issue.code === 'too_small')
      return typeof value === 'number'
        ? { field, code: 'out-of-range', message: `${value} is out of range: ${issue.message}.` }
        : { field, code: 'too-long', message: issue.message };
    return { field, code: 'invalid', message: issue.message };
  });
}

const isInputKey = (key: string): key is keyof DeviceInputType => key in FIELD_OF;
