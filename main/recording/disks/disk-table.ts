import type { Kysely } from 'kysely';
import type { Database } from '../../storage/tables.ts';

export type DiskTable = ReturnType<typeof createDiskTable>;

/** The disks that were ever met. */
export function createDiskTable(db: Kysely<Database>) {
  return {
    byIdentity: (identity: string) =>
      db.selectFrom('recording_disk').selectAll().where('identity', '=', identity).executeTakeFirst(),

    byFolder: (folder: string) =>
      db.selectFrom('recording_disk').selectAll().where('folder', '=', folder).executeTakeFirst(),

    /** @returns its number */
    async add(identity: string, folder: string, at: number): Promise<number> {
      const added = await db
        .insertInto('recording_disk')
        .values({ identity, folder, added_at: at })
        .returning('num')
        .executeTakeFirstOrThrow();
      return added.num;
    },

    /** The disk is in this folder now, whichever was there before. */
    async moved(num: number, folder: string | null): Promise<void> {
      await db.transaction().execute(async (trx) => {
        if (folder !== null)
          await trx
            .updateTable('recording_disk')
            .set({ folder: null })
            .where('folder', '=', folder)
            .where('num', '!=', num)
            .execute();
        await trx.updateTable('recording_disk').set({ folder }).where('num', '=', num).execute();
      });
    },

    /** Is there footage of a version that knew one folder only? */
    async hasUnplaced(): Promise<boolean> {
      const row = await db
        .selectFrom('recording_file')
        .select('id')
        .where('disk', 'is', null)
        .limit(1)
        .executeTakeFirst();
      return row !== undefined;
    },

    async placeAll(disk: number): Promise<void> {
      await db.updateTable('recording_file').set({ disk }).where('disk', 'is', null).execute();
    },
  };
}
