import { type Kysely, sql } from 'kysely';
import type { Area } from '../contract/device.ts';
import type { Database } from '../storage/tables.ts';
import { createBreath } from './breath.ts';
import { FOLD_VERSION, searchText, sortKey } from './fold.ts';
import { DeviceMemory, type MemoryRow, memoryColumns } from './memory.ts';
import { okrugOf } from './record.ts';
import type { DeviceIdentity } from './types.ts';

const CHUNK = 1000;
const FOLD_KEY = 'devices.fold';

export async function loadAreas(db: Kysely<Database>): Promise<Map<string, Area>> {
  const rows = await db.selectFrom('area').selectAll().orderBy('name_ru').execute();
  return new Map(
    rows.map((row) => [
      row.id,
      {
        id: row.id,
        level: row.level,
        parentId: row.parent_id,
        nameRu: row.name_ru,
        nameEn: row.name_en,
        lat: row.lat,
        lon: row.lon,
      },
    ]),
  );
}

export async function loadGroups(db: Kysely<Database>): Promise<Map<string, string>> {
  const rows = await db.selectFrom('device_group').selectAll().orderBy('name').execute();
  return new Map(rows.map((row) => [row.id, row.name]));
}

export async function groupsOf(
  db: Kysely<Database>,
  nums: readonly number[],
): Promise<Map<number, string[]>> {
  const members = new Map<number, string[]>();
  if (nums.length === 0) return members;
  const rows = await db
    .selectFrom('device_group_member')
    .selectAll()
    .where('device_num', 'in', [...nums])
    .execute();
  for (const row of rows) {
    const list = members.get(row.device_num);
    if (list) list.push(row.group_id);
    else members.set(row.device_num, [row.group_id]);
  }
  return members;
}

/** Reads every device, in pieces that leave the event loop room. */
export async function loadMemory(
  db: Kysely<Database>,
  areas: ReadonlyMap<string, Area>,
): Promise<DeviceMemory> {
  const memory = new DeviceMemory();
  const breath = createBreath();
  for (let after = 0; ; ) {
    const rows: MemoryRow[] = await db
      .selectFrom('device')
      .select([...memoryColumns])
      .where('num', '>', after)
      .orderBy('num')
      .limit(CHUNK)
      .execute();
    const members = await groupsOf(
      db,
      rows.map((row) => row.num),
    );
    for (const row of rows) memory.put(row, okrugOf(areas, row.district_id), members.get(row.num) ?? []);
    const last = rows.at(-1);
    if (!last || rows.length < CHUNK) break;
    after = last.num;
    await breath();
  }
  memory.setOrder(await numsByName(db));
  return memory;
}

async function numsByName(db: Kysely<Database>): Promise<number[]> {
  const nums: number[] = [];
  const breath = createBreath();
  let after = { sort_key: '', num: 0 };
  for (;;) {
    const rows = await db
      .selectFrom('device')
      .select(['sort_key', 'num'])
      .where(sql<boolean>`(sort_key, num) > (${after.sort_key}, ${after.num})`)
      .orderBy('sort_key')
      .orderBy('num')
      .limit(5 * CHUNK)
      .execute();
    for (const row of rows) nums.push(row.num);
    const last = rows.at(-1);
    if (!last || rows.length < 5 * CHUNK) return nums;
    after = last;
    await breath();
  }
}

/** Serial numbers and MACs of these devices, or of all. */
export async function loadIdentities(
  db: Kysely<Database>,
  ids?: readonly string[],
): Promise<DeviceIdentity[]> {
  const breath = createBreath();
  const identities: DeviceIdentity[] = [];
  const columns = ['num', 'id', 'serial', 'mac'] as const;
  for (let from = 0; ids !== undefined && from < ids.length; from += CHUNK)
    identities.push(
      ...(await db
        .selectFrom('device')
        .select(columns)
        .where('id', 'in', ids.slice(from, from + CHUNK))
        .execute()),
    );
  for (let after = 0; ids === undefined; ) {
    const rows = await db
      .selectFrom('device')
      .select(columns)
      .where('num', '>', after)
      .orderBy('num')
      .limit(CHUNK)
      .execute();
    identities.push(...rows);
    const last = rows.at(-1);
    if (!last || rows.length < CHUNK) break;
    after = last.num;
    await breath();
  }
  return identities;
}

/** Makes stored search texts anew when the way of folding is another than the one they were made with. */
export async function refold(db: Kysely<Database>): Promise<void> {
  const made = await db.selectFrom('meta').select('value').where('key', '=', FOLD_KEY).executeTakeFirst();
  if (made?.value === FOLD_VERSION) return;
  const breath = createBreath();
  for (let after = 0; ; ) {
    const rows = await db
      .selectFrom('device')
      .select(['num', 'id', 'name', 'address', 'mac', 'serial'])
      .where('num', '>', after)
      .orderBy('num')
      .limit(CHUNK)
      .execute();
    const folded = JSON.stringify(rows.map((row) => [row.num, sortKey(row.name), searchText(row)]));
    await sql`update device set sort_key = given.value ->> 1, search = given.value ->> 2
      from json_each(${folded}) as given where device.num = given.value ->> 0`.execute(db);
    const last = rows.at(-1);
    if (!last || rows.length < CHUNK) break;
    after = last.num;
    await breath();
  }
  await db
    .insertInto('meta')
    .values({ key: FOLD_KEY, value: FOLD_VERSION })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value: FOLD_VERSION }))
    .execute();
}
