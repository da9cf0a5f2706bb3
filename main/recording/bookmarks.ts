import type { Kysely, Selectable, Transaction } from 'kysely';
import type { Clock } from '../base/clock.ts';
import { AppError, notFound } from '../base/errors.ts';
import { newId } from '../base/ids.ts';
import type { Bookmark, BookmarkInput, BookmarkPatch, BookmarkQuery } from '../contract/bookmarks.ts';
import { fold } from '../devices/fold.ts';
import type { Database } from '../storage/tables.ts';

/** A person with more has a list nobody finds anything in. */
const MOST_A_PERSON = 5000;

export type BookmarkRecord = Omit<Bookmark, 'mine'>;

/** Where a list goes on: the last one that was looked at. */
export interface BookmarkPlace {
  at: number;
  id: string;
}

export interface Bookmarks {
  /** Those that this person may know by their owner's will, newest footage first; rights on the footage are the caller's. */
  list(
    personId: string,
    query: Pick<BookmarkQuery, 'camera' | 'q' | 'mine' | 'from' | 'to'>,
    limit: number,
    after?: BookmarkPlace,
  ): Promise<BookmarkRecord[]>;
  /** The same for a timeline: those that touch `[from, to)`. */
  of(personId: string, cameraId: string, from: number, to: number, limit: number): Promise<BookmarkRecord[]>;
  /** @throws AppError `not-found`; others' private ones are not there */
  get(personId: string, id: string): Promise<BookmarkRecord>;
  /** @throws AppError `bad-range`, `too-many-bookmarks` */
  add(
    trx: Transaction<Database>,
    by: { id: string; name: string },
    input: BookmarkInput,
  ): Promise<BookmarkRecord>;
  change(trx: Transaction<Database>, bookmark: BookmarkRecord, patch: BookmarkPatch): Promise<BookmarkRecord>;
  remove(trx: Transaction<Database>, id: string): Promise<void>;
}

export function createBookmarks({ db, clock }: { db: Kysely<Database>; clock: Clock }): Bookmarks {
  /** Shared ones and the person's own. */
  const known = (personId: string) =>
    db
      .selectFrom('bookmark')
      .selectAll()
      .where((either) => either.or([either('shared', '=', 1), either('by_id', '=', personId)]));

  return {
    async list(personId, { camera, q, mine, from, to }, limit, after) {
      let query =
        mine === 'yes'
          ? db.selectFrom('bookmark').selectAll().where('by_id', '=', personId)
          : known(personId);
      if (mine === 'no') query = query.where('by_id', '!=', personId);
      if (camera !== undefined) query = query.where('camera_id', '=', camera);
      for (const word of words(q)) query = query.where('search', 'like', `% ${word}%`);
      if (from !== undefined)
        query = query.where((either) => either.or([either('at_ms', '>=', from), either('to_ms', '>', from)]));
      if (to !== undefined) query = query.where('at_ms', '<', to);
      if (after)
        query = query.where((either) =>
          either.or([
            either('at_ms', '<', after.at),
            either.and([either('at_ms', '=', after.at), either('id', '<', after.id)]),
          ]),
        );
      const rows = await query.orderBy('at_ms', 'desc').orderBy('id', 'desc').limit(limit).execute();
      return rows.map(recordOf);
    },
    async of(personId, cameraId, from, to, limit) {
      const rows = await known(personId)
        .where('camera_id', '=', cameraId)
        .where('at_ms', '<', to)
        .where((either) => either.or([either('at_ms', '>=', from), either('to_ms', '>', from)]))
        .orderBy('at_ms', 'desc')
        .limit(limit)
        .execute();
      return rows.map(recordOf).reverse();
    },
    async get(personId, id) {
      const row = await known(personId).where('id', '=', id).executeTakeFirst();
      if (!row) throw notFound('bookmark', id);
      return recordOf(row);
    },
    async add(trx, by, { cameraId, at, to, title, shared }) {
      if (to !== null && to <= at)
        throw new AppError('bad-range', 400, 'The end of the range is before its beginning.');
      const { count } = await trx
        .selectFrom('bookmark')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .where('by_id', '=', by.id)
        .executeTakeFirstOrThrow();
      if (Number(count) >= MOST_A_PERSON)
        throw new AppError(
          'too-many-bookmarks',
          409,
          `One person can have ${MOST_A_PERSON} bookmarks. Delete some first.`,
          { most: MOST_A_PERSON },
        );
      const now = clock.now();
      const id = newId(now);
      const created = { created_at: now, updated_at: now, by_id: by.id, by_name: by.name };
      await trx
        .insertInto('bookmark')
        .values({
          ...{ id, camera_id: cameraId, at_ms: at, to_ms: to, title, search: searchOf(title) },
          ...{ shared: shared ? 1 : 0, ...created },
        })
        .execute();
      return { id, cameraId, at, to, title, shared, by, createdAt: now, updatedAt: now };
    },
    async change(trx, bookmark, patch) {
      const changed: BookmarkRecord = {
        ...bookmark,
        title: patch.title ?? bookmark.title,
        shared: patch.shared ?? bookmark.shared,
        updatedAt: clock.now(),
      };
      await trx
        .updateTable('bookmark')
        .set({
          title: changed.title,
          search: searchOf(changed.title),
          shared: changed.shared ? 1 : 0,
          updated_at: changed.updatedAt,
        })
        .where('id', '=', bookmark.id)
        .execute();
      return changed;
    },
    async remove(trx, id) {
      await trx.deleteFrom('bookmark').where('id', '=', id).execute();
    },
  };
}

/** Begins with a space, so that ` word` finds beginnings of words. */
const searchOf = (title: string): string => ` ${fold(title)}`;
/** Folded text holds letters, digits and spaces only: no wildcard of LIKE. */
const words = (q: string | undefined): string[] =>
  q === undefined ? [] : fold(q).split(' ').filter(Boolean);

function recordOf(row: Selectable<Database['bookmark']>): BookmarkRecord {
  return {
    id: row.id,
    cameraId: row.camera_id,
    at: row.at_ms,
    to: row.to_ms,
    title: row.title,
    shared: row.shared === 1,
    by: { id: row.by_id, name: row.by_name },
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
