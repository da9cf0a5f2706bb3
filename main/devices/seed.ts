import type { Kysely, Transaction } from 'kysely';
import { AppError } from '../base/errors.ts';
import type { Area, DeviceInput } from '../contract/device.ts';
import type { Database } from '../storage/tables.ts';
import { createBreath } from './breath.ts';
import { BulkChunk, insertChunk, ROWS_PER_CHUNK } from './bulk.ts';
import { chainFrom, parentError, parentProblem } from './parents.ts';
import { rowOf } from './rows.ts';
import type { StreamKeeper } from './streams.ts';

/**
 * Areas and groups (made or renamed) and new devices, in one transaction: a hub killed in the middle of it
 * begins again from nothing. A parent may come after its children.
 * @throws AppError `district-unknown`, `parent-unknown`, `parent-not-switch`, `parent-circle`, `bad-stream-address`
 */
export async function seedRegistry(
  db: Kysely<Database>,
  streams: StreamKeeper,
  now: number,
  areas: readonly Area[],
  groups: readonly { id: string; name: string }[],
  devices: AsyncIterable<DeviceInput> | Iterable<DeviceInput>,
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await writeAreas(trx, areas);
    for (const group of groups) await writeGroup(trx, group);
    const districts = new Set(
      (await trx.selectFrom('area').select('id').where('level', '=', 'district').execute()).map((a) => a.id),
    );
    const kinds = new Map<string, { kind: DeviceInput['kind']; parentId: string | null }>();
    for (const row of await trx
      .selectFrom('device')
      .select(['id', 'kind', 'parent_id'])
      .where('kind', '=', 'switch')
      .execute())
      kinds.set(row.id, { kind: row.kind, parentId: row.parent_id });
    const children = new Map<string, string>();
    const breath = createBreath();
    let chunk = new BulkChunk();
    for await (const device of devices) {
      if (!districts.has(device.districtId))
        throw new AppError('district-unknown', 400, `There is no district ${device.districtId}.`, {
          district: device.districtId,
        });
      if (device.kind === 'switch') kinds.set(device.id, device);
      if (device.parentId !== null) children.set(device.id, device.parentId);
      chunk.add(rowOf(device, streams.forNew(device.id, device.kind, device), now), device.groupIds);
      if (chunk.size === ROWS_PER_CHUNK) {
        await insertChunk(trx, chunk.pack());
        chunk = new BulkChunk();
      }
      await breath();
    }
    await insertChunk(trx, chunk.pack());
    for (const [id, parentId] of children) {
      const problem = parentProblem(
        id,
        chainFrom(parentId, (parent) => kinds.get(parent)),
      );
      if (problem) throw parentError(problem, parentId);
      await breath();
    }
  });
}

async function writeAreas(trx: Transaction<Database>, areas: readonly Area[]): Promise<void> {
  for (const level of ['okrug', 'district'] as const)
    for (const area of areas.filter((one) => one.level === level)) {
      const row = {
        level: area.level,
        parent_id: area.parentId,
        name_ru: area.nameRu,
        name_en: area.nameEn,
        lat: area.lat,
        lon: area.lon,
      };
      await trx
        .insertInto('area')
        .values({ id: area.id, ...row })
        .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
        .execute();
    }
}

/** Makes a group or gives it another name. */
export async function writeGroup(
  trx: Transaction<Database>,
  group: { id: string; name: string },
): Promise<void> {
  await trx
    .insertInto('device_group')
    .values(group)
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ name: group.name }))
    .execute();
}
