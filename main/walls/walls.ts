import type { Kysely, Selectable } from 'kysely';
import type { Clock } from '../base/clock.ts';
import { AppError, notFound } from '../base/errors.ts';
import { newId } from '../base/ids.ts';
import { ShownContent, type WallInput, WallTour } from '../contract/wall.ts';
import type { Database } from '../storage/tables.ts';
import { maySee, unitKey } from './sight.ts';
import type { WallPerson, WallRecord, WallStore } from './types.ts';

/** Walls that one person may keep. */
export const WALLS_A_PERSON = 200;
const LISTED = 500;

export function createWalls({ db, clock }: { db: Kysely<Database>; clock: Clock }): WallStore {
  const visibleOne = async (from: Kysely<Database>, person: WallPerson, id: string) => {
    const row = await from.selectFrom('walls').selectAll().where('id', '=', id).executeTakeFirst();
    const wall = row && fromRow(row);
    if (!wall || !maySee(wall, person)) throw notFound('wall', id);
    return wall;
  };
  const ownOne = async (from: Kysely<Database>, person: WallPerson, id: string) => {
    const wall = await visibleOne(from, person, id);
    if (wall.ownerId !== person.id)
      throw new AppError(
        'wall-not-yours',
        403,
        `Only ${wall.ownerName} may change the wall “${wall.name}”. Save a copy of your own.`,
        { name: wall.name, owner: wall.ownerName },
      );
    return wall;
  };

  return {
    async list(person) {
      const key = unitKey(person.unit);
      const rows = await db
        .selectFrom('walls')
        .selectAll()
        .where(({ eb, or }) =>
          or([eb('owner_id', '=', person.id), ...(key === null ? [] : [eb('unit_key', '=', key)])]),
        )
        .orderBy(({ eb }) => eb.case().when('owner_id', '=', person.id).then(0).else(1).end())
        .orderBy('name')
        .orderBy('id')
        .limit(LISTED)
        .execute();
      return rows.map(fromRow);
    },

    get: (person, id) => visibleOne(db, person, id),

    async add(trx, person, input) {
      const { kept } = await trx
        .selectFrom('walls')
        .select(({ fn }) => fn.countAll<number>().as('kept'))
        .where('owner_id', '=', person.id)
        .executeTakeFirstOrThrow();
      if (kept >= WALLS_A_PERSON)
        throw new AppError(
          'walls-full',
          409,
          `You have ${kept} walls, more are not kept. Delete one that you no longer need.`,
          { count: kept },
        );
      const wall: WallRecord = {
        id: newId(clock.now()),
        ...stored(person, input),
        version: 1,
        updatedAt: clock.now(),
      };
      await trx.insertInto('walls').values(toRow(wall)).execute();
      return wall;
    },

    async change(trx, person, id, change) {
      const before = await ownOne(trx, person, id);
      if (before.version !== change.version)
        throw new AppError(
          'wall-changed',
          409,
          `The wall “${before.name}” was changed in another window. Open it anew, or save yours as a copy.`,
          { name: before.name },
        );
      const after: WallRecord = {
        id,
        ...stored(person, change),
        version: before.version + 1,
        updatedAt: clock.now(),
      };
      await trx.updateTable('walls').set(toRow(after)).where('id', '=', id).execute();
      return { before, after };
    },

    async remove(trx, person, id) {
      const wall = await ownOne(trx, person, id);
      await trx.deleteFrom('walls').where('id', '=', id).execute();
      return wall;
    },
  };
}

/** @throws AppError `wall-unit-missing` */
function stored(person: WallPerson, { name, shared, content, tour }: WallInput) {
  const key = unitKey(person.unit);
  if (shared && key === null)
    throw new AppError(
      'wall-unit-missing',
      409,
      'Your account names no unit to share the wall with. Ask your access administrator to enter it.',
    );
  return {
    ownerId: person.id,
    ownerName: person.name,
    name,
    unit: shared ? person.unit.trim() : null,
    unitKey: shared ? key : null,
    content,
    tour,
  };
}

type Row = Selectable<Database['walls']>;

const toRow = (wall: WallRecord): Row => ({
  id: wall.id,
  owner_id: wall.ownerId,
  owner_name: wall.ownerName,
  name: wall.name,
  unit: wall.unit,
  unit_key: wall.unitKey,
  content: JSON.stringify(wall.content),
  tour: wall.tour === null ? null : JSON.stringify(wall.tour),
  version: wall.version,
  updated_at: wall.updatedAt,
});

const fromRow = (row: Row): WallRecord => ({
  id: row.id,
  ownerId: row.owner_id,
  ownerName: row.owner_name,
  name: row.name,
  unit: row.unit,
  unitKey: row.unit_key,
  content: ShownContent.parse(JSON.parse(row.content)),
  tour: row.tour === null ? null : WallTour.parse(JSON.parse(row.tour)),
  version: row.version,
  updatedAt: row.updated_at,
});
