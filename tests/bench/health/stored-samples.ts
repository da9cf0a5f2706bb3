import SqliteConnection from 'better-sqlite3';
import { partitionOf } from '../../../main/history/blocks.ts';
import { reportsIn } from '../../../main/history/sample-rows.ts';
import { readSamples } from '../../../main/history/samples.ts';

/** How many reports a history holds: those in packed rows, and those of the journal that are not packed yet. */
export async function storedSamples(file: string): Promise<number> {
  const db = new SqliteConnection(file, { readonly: true });
  let count = 0;
  try {
    for (const row of db.prepare<[], { data: Buffer }>('select data from samples').iterate())
      count += reportsIn(row.data);
    const packed = new Map(
      db
        .prepare<[], { partition: number; journal_id: number }>('select * from partitions')
        .all()
        .map((row) => [row.partition, row.journal_id]),
    );
    for (const row of db.prepare<[], { id: number; samples: Buffer }>('select * from journal').iterate())
      readSamples(row.samples, ({ num }) => {
        if (row.id > (packed.get(partitionOf(num)) ?? 0)) count += 1;
      });
  } finally {
    db.close();
  }
  return count;
}
