import { PARTITIONS, packPartition, partitionOf } from './blocks.ts';
import type { HistoryDb } from './history-db.ts';
import { readSamples, type Sample } from './samples.ts';
import { createWaiting, type Waiting } from './waiting.ts';

const ROWS_A_READ = 500;

/** Takes batches of samples for good, and packs them by block of devices when their turn comes. */
export interface Keeper {
  /** Brings back from the journal what was not packed yet. @returns the newest batch's id; 0 for none */
  restore(): Promise<number>;
  /**
   * Resolves when the batch is stored. One that was stored before is passed over; one whose predecessor could not be
   * stored is refused, unless `oldest` says that nothing before it will come.
   * @throws CorruptHistory
   */
  append(id: number, samples: Uint8Array, oldest: boolean): Promise<void>;
  /** Packs the next partition in turn; all have had theirs after `PARTITIONS` calls. @returns rows written */
  packNext(): Promise<number>;
  /** Samples of a device that are not packed yet. */
  waiting(num: number): Sample[];
  waitingBytes(): number;
}

export function createKeeper(db: HistoryDb, breathe: () => Promise<void>): Keeper {
  const partitions: Waiting[] = Array.from({ length: PARTITIONS }, createWaiting);
  const packing = new Map<number, readonly Uint8Array[]>();
  let newest = 0;
  let next = 0;

  const add = (sample: Sample, after?: (partition: number) => boolean): void => {
    const partition = partitionOf(sample.num);
    if (!after || after(partition)) partitions[partition]?.add(sample);
  };

  async function store(partition: number, upTo: number, waiting: readonly Uint8Array[]): Promise<number> {
    const { samples, aggregates } = await packPartition(waiting, breathe);
    await db.transaction().execute(async (trx) => {
      for (const row of samples) await trx.insertInto('samples').values(row).execute();
      for (const row of aggregates) await trx.insertInto('aggregates').values(row).execute();
      await trx
        .insertInto('partitions')
        .values({ partition, journal_id: upTo })
        .onConflict((conflict) => conflict.column('partition').doUpdateSet({ journal_id: upTo }))
        .execute();
    });
    return samples.length + aggregates.length;
  }

  return {
    async restore() {
      const rows = await db.selectFrom('partitions').selectAll().execute();
      const packedUpTo = new Map(rows.map((row) => [row.partition, row.journal_id]));
      newest = Math.max(0, ...packedUpTo.values());
      for (let last = 0; ; ) {
        const batch = await db
          .selectFrom('journal')
          .selectAll()
          .where('id', '>', last)
          .orderBy('id')
          .limit(ROWS_A_READ)
          .execute();
        for (const { id, samples } of batch)
          readSamples(samples, (sample) => add(sample, (partition) => id > (packedUpTo.get(partition) ?? 0)));
        const end = batch.at(-1);
        if (!end) return newest;
        last = end.id;
        newest = Math.max(newest, last);
      }
    },
    async append(id, samples, oldest) {
      if (id <= newest) return;
      if (id !== newest + 1 && !oldest) throw new Error(`batch ${newest + 1} has to be stored first`);
      const read: Sample[] = [];
      readSamples(samples, (sample) => read.push(sample));
      await db.insertInto('journal').values({ id, samples }).execute();
      newest = id;
      for (const sample of read) add(sample);
    },
    async packNext() {
      const partition = next;
      next = (next + 1) % PARTITIONS;
      const here = partitions[partition];
      if (!here) return 0;
      const upTo = newest;
      const waiting = here.take();
      // What is being packed can still be charted, and waits again if it could not be stored.
      packing.set(partition, waiting);
      let rows = 0;
      try {
        rows = await store(partition, upTo, waiting);
      } catch (error) {
        for (const piece of waiting) readSamples(piece, (sample) => here.add(sample));
        throw error;
      } finally {
        packing.delete(partition);
      }
      if (next === 0) await forget(db);
      return rows;
    },
    waiting(num) {
      const partition = partitionOf(num);
      const found: Sample[] = [];
      for (const piece of [...(packing.get(partition) ?? []), ...(partitions[partition]?.pieces() ?? [])])
        readSamples(piece, (sample) => void found.push(sample), num);
      return found;
    },
    waitingBytes: () => partitions.reduce((sum, waiting) => sum + waiting.bytes(), 0),
  };
}

/** Deletes the journal up to where every partition is packed. */
async function forget(db: HistoryDb): Promise<void> {
  const { done } = await db
    .selectFrom('partitions')
    .select((eb) => eb.fn.min('journal_id').as('done'))
    .executeTakeFirstOrThrow();
  if (done !== null) await db.deleteFrom('journal').where('id', '<=', Number(done)).execute();
}
