import type { Transaction } from 'kysely';
import type { Clock } from '../base/clock.ts';
import { AppError, notFound } from '../base/errors.ts';
import type { Area, DeviceInput, DevicePatch } from '../contract/device.ts';
import type { Database } from '../storage/tables.ts';
import { groupsOf } from './load.ts';
import { type Ancestor, MAX_DEPTH, parentError, parentProblem } from './parents.ts';
import { recordOf } from './record.ts';
import { type DeviceRow, inputOf, type PlainInput, rowOf } from './rows.ts';
import type { GivenStreams, StreamKeeper } from './streams.ts';
import type { DeviceRecord } from './types.ts';

type Trx = Transaction<Database>;

export interface DeviceWriter {
  add(trx: Trx, input: DeviceInput): Promise<DeviceRecord>;
  patch(trx: Trx, id: string, patch: DevicePatch): Promise<DeviceRecord>;
  remove(trx: Trx, id: string): Promise<void>;
}

/** Single changes, each checked against what the transaction itself sees. */
export function createWriter({
  clock,
  streams,
  areas,
}: {
  clock: Clock;
  streams: StreamKeeper;
  areas: () => ReadonlyMap<string, Area>;
}): DeviceWriter {
  const check = async (trx: Trx, input: PlainInput): Promise<void> => {
    checkDistrict(areas(), input.districtId);
    await checkGroups(trx, input.groupIds);
    if (input.parentId === null) return;
    const problem = parentProblem(input.id, await chainOf(trx, input.parentId));
    if (problem) throw parentError(problem, input.parentId);
  };

  return {
    async add(trx, input) {
      if (await rowBy(trx, input.id))
        throw new AppError('device-exists', 409, `There is a device ${input.id} already.`, { id: input.id });
      await check(trx, input);
      const row = rowOf(input, streams.forNew(input.id, input.kind, input), clock.now());
      const { num } = await trx.insertInto('device').values(row).returning('num').executeTakeFirstOrThrow();
      await setMembers(trx, num, input.groupIds);
      return recordOf(num, input, areas());
    },
    async patch(trx, id, patch) {
      const { stream: given, plain } = apart(patch);
      const before = await rowBy(trx, id);
      if (!before) throw notFound('device', id);
      const oldGroups = (await groupsOf(trx, [before.num])).get(before.num) ?? [];
      const input = merged(inputOf(before, oldGroups), plain);
      await check(trx, input);
      const stream = streams.forChange(before, given);
      const row = rowOf(input, stream, clock.now());
      await trx.updateTable('device').set(row).where('num', '=', before.num).execute();
      if (plain.groupIds) {
        await trx.deleteFrom('device_group_member').where('device_num', '=', before.num).execute();
        await setMembers(trx, before.num, input.groupIds);
      }
      return recordOf(before.num, input, areas());
    },
    async remove(trx, id) {
      const { count } = await trx
        .selectFrom('device')
        .select((builder) => builder.fn.countAll<number>().as('count'))
        .where('parent_id', '=', id)
        .executeTakeFirstOrThrow();
      if (count > 0)
        throw new AppError(
          'device-has-children',
          409,
          `${count} devices stand below ${id}. Give them another parent first.`,
          { id, count },
        );
      const { numDeletedRows } = await trx.deleteFrom('device').where('id', '=', id).executeTakeFirst();
      if (numDeletedRows === 0n) throw notFound('device', id);
    },
  };
}

type StreamField =
  | 'streamUrl'
  | 'streamUser'
  | 'streamPassword'
  | 'secondUrl'
  | 'secondUser'
  | 'secondPassword';

/** A change's stream settings, which are sealed, and all the rest. */
export function apart<T extends { [K in StreamField]?: string | null | undefined }>(
  given: T,
): { stream: GivenStreams; plain: Omit<T, StreamField> } {
  const { streamUrl, streamUser, streamPassword, secondUrl, secondUser, secondPassword, ...plain } = given;
  return {
    stream: { streamUrl, streamUser, streamPassword, secondUrl, secondUser, secondPassword },
    plain,
  };
}

/** What was there, with what is given in its place; what is undefined is not given. */
export function merged<T extends object>(before: T, given: { [K in keyof T]?: T[K] | undefined }): T {
  const result = { ...before };
  for (const key of Object.keys(given) as (keyof T)[]) {
    const value = given[key];
    if (value !== undefined) result[key] = value;
  }
  return result;
}

export function checkDistrict(areas: ReadonlyMap<string, Area>, districtId: string): void {
  if (areas.get(districtId)?.level !== 'district')
    throw new AppError('district-unknown', 400, `There is no district ${districtId}.`, {
      district: districtId,
    });
}

async function checkGroups(trx: Trx, groupIds: readonly string[]): Promise<void> {
  if (groupIds.length === 0) return;
  const known = await trx
    .selectFrom('device_group')
    .select('id')
    .where('id', 'in', [...groupIds])
    .execute();
  const unknown = groupIds.find((id) => !known.some((group) => group.id === id));
  if (unknown !== undefined)
    throw new AppError('group-unknown', 400, `There is no group ${unknown}.`, { group: unknown });
}

async function chainOf(trx: Trx, parentId: string): Promise<Ancestor[]> {
  const chain: Ancestor[] = [];
  for (let next: string | null = parentId; next !== null && chain.length < MAX_DEPTH; ) {
    const row: DeviceRow | undefined = await rowBy(trx, next);
    if (!row) break;
    chain.push({ id: row.id, kind: row.kind });
    next = row.parent_id;
  }
  return chain;
}

const rowBy = (trx: Trx, id: string): Promise<DeviceRow | undefined> =>
  trx.selectFrom('device').selectAll().where('id', '=', id).executeTakeFirst();

async function setMembers(trx: Trx, num: number, groupIds: readonly string[]): Promise<void> {
  const ids = [...new Set(groupIds)];
  if (ids.length === 0) return;
  await trx
    .insertInto('device_group_member')
    .values(ids.map((id) => ({ device_num: num, group_id: id })))
    .execute();
}
