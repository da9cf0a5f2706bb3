import type { Kysely } from 'kysely';
import type { Clock } from '../base/clock.ts';
import { messageOf, notFound } from '../base/errors.ts';
import type { EventBus } from '../base/event-bus.ts';
import type { Logger } from '../base/logging.ts';
import type { HubEvents } from '../contract/hub-events.ts';
import type { Database } from '../storage/tables.ts';
import { createBreath } from './breath.ts';
import { importCsv } from './import/import.ts';
import { cursorAfter, pageOf } from './list.ts';
import { groupsOf, loadAreas, loadGroups, loadIdentities, loadMemory, refold } from './load.ts';
import { okrugOf } from './record.ts';
import { type DeviceRow, deviceOf } from './rows.ts';
import { createSealer } from './sealing.ts';
import { seedRegistry, writeGroup } from './seed.ts';
import { createStreamKeeper } from './streams.ts';
import type { CameraSetup, DeviceStore, SoundHint } from './types.ts';
import { createWriter } from './write.ts';

export interface DeviceRegistryOptions {
  db: Kysely<Database>;
  clock: Clock;
  bus: EventBus<HubEvents>;
  log: Logger;
  /** 32 bytes that stream addresses are sealed with (`loadSealingKey`). */
  sealingKey: Uint8Array;
  /** Take looped files for stream addresses: for the demonstration only. */
  allowFiles?: boolean;
}

const SOUND_HINTS: readonly SoundHint[] = ['copy', 'encode', 'none'];
/** A word of a newer version is nothing known. */
const soundHint = (text: string | null): SoundHint | null =>
  SOUND_HINTS.find((hint) => hint === text) ?? null;

/** From so many changed devices on, everything is read anew instead of one by one. */
const MANY = 200;
const READ_CHUNK = 500;

/** The city's devices: a record of each in memory, everything else in the database. */
export async function createDeviceRegistry(options: DeviceRegistryOptions): Promise<DeviceStore> {
  const { db, clock, bus, log } = options;
  const streams = createStreamKeeper(createSealer(options.sealingKey), {
    allowFiles: options.allowFiles ?? false,
  });
  await refold(db);
  let areas = await loadAreas(db);
  let groups = await loadGroups(db);
  let memory = await loadMemory(db, areas);
  let version = 1;
  /** Counts changes as they begin; whoever checked against an older count checks again. */
  let edits = 0;
  let refreshing: Promise<unknown> = Promise.resolve();
  const writer = createWriter({ clock, streams, areas: () => areas });

  /** One refresh at a time, in order: a slow one must not put an older state over a newer. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = refreshing.then(work, work);
    refreshing = turn.catch(() => undefined);
    return turn;
  };

  const reload = () =>
    inTurn(async () => {
      areas = await loadAreas(db);
      groups = await loadGroups(db);
      memory = await loadMemory(db, areas);
      version += 1;
      bus.emit('devices.changed', { deviceIds: null });
    });

  const refreshSome = (ids: readonly string[]) =>
    inTurn(async () => {
      const found = new Map<string, DeviceRow>();
      if (ids.length > 0)
        for (const row of await db
          .selectFrom('device')
          .selectAll()
          .where('id', 'in', [...ids])
          .execute())
          found.set(row.id, row);
      const members = await groupsOf(
        db,
        [...found.values()].map((row) => row.num),
      );
      const groupsNow = await loadGroups(db);
      const groupsChanged =
        groupsNow.size !== groups.size || [...groupsNow].some(([id, name]) => groups.get(id) !== name);
      for (const id of groups.keys()) if (!groupsNow.has(id)) memory.dropGroup(id);
      groups = groupsNow;
      for (const id of ids) {
        const row = found.get(id);
        if (row) memory.place(row, okrugOf(areas, row.district_id), members.get(row.num) ?? []);
        else memory.remove(id);
      }
      version += 1;
      if (ids.length > 0 || groupsChanged)
        bus.emit('devices.changed', { deviceIds: groupsChanged ? null : [...ids] });
    });

  const rowsOf = (nums: readonly number[]): Promise<DeviceRow[]> =>
    nums.length === 0
      ? Promise.resolve([])
      : db
          .selectFrom('device')
          .selectAll()
          .where('num', 'in', [...nums])
          .execute();

  const setupOf = (row: DeviceRow): CameraSetup => ({
    id: row.id,
    num: row.num,
    recorded: row.recorded === 1,
    retentionDays: row.retention_days,
    source: streams.open(row, 'main'),
    second: streams.open(row, 'second'),
    sound: row.sound === 1,
    soundHint: soundHint(row.sound_hint),
  });

  const store: DeviceStore = {
    get: (id) => memory.get(id),
    byNum: (num) => memory.byNum(num),
    get count() {
      return memory.count;
    },
    get version() {
      return version;
    },
    all: () => memory.all(),
    async device(id, statuses) {
      const row = await db.selectFrom('device').selectAll().where('id', '=', id).executeTakeFirst();
      if (!row) return undefined;
      const groupIds = (await groupsOf(db, [row.num])).get(row.num) ?? [];
      return deviceOf(row, okrugOf(areas, row.district_id), groupIds.sort(), statuses.statusOf(row.num));
    },
    async list(query, visible, statuses) {
      const { entries, total, more } = await pageOf(memory.order, query, visible, statuses);
      const nums = entries.map((entry) => entry.num);
      const rows = new Map((await rowsOf(nums)).map((row) => [row.num, row]));
      const items = entries.flatMap((entry) => {
        const row = rows.get(entry.num);
        return row ? [deviceOf(row, entry.okrugId, entry.groupIds, statuses.statusOf(entry.num))] : [];
      });
      const last = entries.at(-1);
      return { items, total, ...(more && last ? { nextCursor: cursorAfter(last) } : {}) };
    },
    async summaries(nums, statuses) {
      const rows = new Map((await rowsOf(nums)).map((row) => [row.num, row]));
      return nums.flatMap((num) => {
        const row = rows.get(num);
        if (!row) return [];
        const { id, kind, name, address } = row;
        return [{ id, num, kind, name, address, status: statuses.statusOf(num).status }];
      });
    },
    async names(nums) {
      const rows = await rowsOf(nums);
      return new Map(rows.map(({ num, name, owner, contractor }) => [num, { name, owner, contractor }]));
    },
    identities: (ids) => loadIdentities(db, ids),
    add(trx, input) {
      edits += 1;
      return writer.add(trx, input);
    },
    patch(trx, id, patch) {
      edits += 1;
      return writer.patch(trx, id, patch);
    },
    remove(trx, id) {
      edits += 1;
      return writer.remove(trx, id);
    },
    async rememberSound(id, hint) {
      await db.updateTable('device').set({ sound_hint: hint }).where('id', '=', id).execute();
    },
    committed: (ids) => (ids.length > MANY ? reload() : refreshSome(ids)),
    async seed(newAreas, newGroups, devices) {
      edits += 1;
      await seedRegistry(db, streams, clock.now(), newAreas, newGroups, devices);
      await reload();
    },
    areas: () => [...areas.values()],
    groups: () => [...groups].map(([id, name]) => ({ id, name, devices: memory.groupCount(id) })),
    async setGroup(trx, group) {
      edits += 1;
      await writeGroup(trx, group);
    },
    async removeGroup(trx, id) {
      edits += 1;
      const { numDeletedRows } = await trx.deleteFrom('device_group').where('id', '=', id).executeTakeFirst();
      if (numDeletedRows === 0n) throw notFound('group', id);
    },
    async camera(id) {
      const row = await db
        .selectFrom('device')
        .selectAll()
        .where('id', '=', id)
        .where('kind', '=', 'camera')
        .executeTakeFirst();
      return row ? setupOf(row) : undefined;
    },
    async retentionDays() {
      const rows = await db
        .selectFrom('device')
        .select(['id', 'retention_days'])
        .where('kind', '=', 'camera')
        .where('retention_days', 'is not', null)
        .$narrowType<{ retention_days: number }>()
        .execute();
      return new Map(rows.map(({ id, retention_days }) => [id, retention_days]));
    },
    async camerasWithStream() {
      const setups: CameraSetup[] = [];
      const breath = createBreath();
      for (let after = 0; ; ) {
        const rows = await db
          .selectFrom('device')
          .selectAll()
          .where('kind', '=', 'camera')
          .where('stream_sealed', 'is not', null)
          .where('num', '>', after)
          .orderBy('num')
          .limit(READ_CHUNK)
          .execute();
        for (const row of rows) {
          try {
            setups.push(setupOf(row));
          } catch (error) {
            log.error(
              { device: row.id, reason: messageOf(error) },
              'camera left out: its stream address cannot be read',
            );
          }
        }
        const last = rows.at(-1);
        if (!last || rows.length < READ_CHUNK) return setups;
        after = last.num;
        await breath();
      }
    },
    importCsv: (file, importOptions) =>
      importCsv(
        {
          db,
          clock,
          streams,
          areas: () => areas,
          groups: () => groups,
          find: (id) => memory.get(id),
          edits: () => edits,
          began: () => {
            edits += 1;
          },
          committed: (ids) => store.committed(ids),
        },
        file,
        importOptions,
      ),
  };
  return store;
}
