import type { Kysely, Transaction } from 'kysely';
import { Job } from '../contract/device.ts';
import type { Database } from '../storage/tables.ts';

/** Every statement that reads or writes the table of jobs. */
export function createJobTable(db: Kysely<Database>) {
  return {
    async insert(trx: Transaction<Database>, job: Job, lasting: boolean): Promise<void> {
      await trx
        .insertInto('job')
        .values({
          id: job.id,
          kind: job.kind,
          owner_id: job.ownerId,
          state: job.state,
          lasting: lasting ? 1 : 0,
          started_at: job.startedAt,
          ended_at: null,
          result: null,
          error: null,
        })
        .execute();
    },
    async end(trx: Transaction<Database>, job: Job): Promise<void> {
      await trx
        .updateTable('job')
        .set({
          state: job.state,
          ended_at: job.endedAt,
          result: job.result && JSON.stringify(job.result),
          error: job.error && JSON.stringify(job.error),
        })
        .where('id', '=', job.id)
        .execute();
    },
    async remove(ids: readonly string[]): Promise<void> {
      if (ids.length > 0) await db.deleteFrom('job').where('id', 'in', ids).execute();
    },
    /** All there are, in the order in which they were asked for. */
    async load(): Promise<{ job: Job; lasting: boolean }[]> {
      const rows = await db.selectFrom('job').selectAll().orderBy('id').execute();
      return rows.map((row) => ({
        lasting: row.lasting === 1,
        job: Job.parse({
          id: row.id,
          kind: row.kind,
          state: row.state,
          progress: row.state === 'done' ? 1 : null,
          ahead: 0,
          startedAt: row.started_at,
          endedAt: row.ended_at,
          ownerId: row.owner_id,
          result: row.result === null ? null : JSON.parse(row.result),
          error: row.error === null ? null : JSON.parse(row.error),
        }),
      }));
    },
  };
}
