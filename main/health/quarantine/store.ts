import type { Kysely, Transaction } from 'kysely';
import { z } from 'zod';
import {
  type QuarantineEntry,
  QuarantineReasons,
  QuarantineSample,
  Tongues,
} from '../../contract/quarantine.ts';
import type { Database } from '../../storage/tables.ts';

const ROWS_A_STATEMENT = 500;

/** All that a device was refused. */
export interface QuarantineRow {
  num: number;
  count: number;
  /** With the place of the field, where there is one. */
  lastReason: string;
  lastAt: number;
}

export type QuarantineKey = Pick<QuarantineEntry, 'tongue' | 'reason'> & { num: number };

/** What one transaction writes. */
export interface QuarantineBatch {
  sums: QuarantineRow[];
  details: (QuarantineEntry & { num: number })[];
  /** No longer kept. */
  gone: QuarantineKey[];
}

const Key = z.object({ num: z.int(), tongue: z.enum(Tongues), reason: z.enum(QuarantineReasons) });
const Sample = z.string().transform((text) => QuarantineSample.nullable().parse(JSON.parse(text)));

/** What the last run knew: sums of devices, and of which of them details are stored, the oldest first. */
export async function loadQuarantine(db: Kysely<Database>) {
  const sums = await db.selectFrom('quarantine').selectAll().execute();
  const details = await db
    .selectFrom('quarantine_reasons')
    .select(['num', 'tongue', 'reason', 'count', 'first_at', 'last_at'])
    .orderBy('last_at')
    .execute();
  return {
    sums: sums.map((row) => ({
      ...{ num: row.num, count: row.count, lastReason: row.last_reason, lastAt: row.last_at },
    })),
    // A reason or dialect of a later version than this one is left alone.
    details: details.flatMap((row) => {
      const key = Key.safeParse(row);
      return key.success
        ? [{ ...key.data, count: row.count, firstAt: row.first_at, lastAt: row.last_at }]
        : [];
    }),
  };
}

/** What is stored of one device. */
export async function quarantineOf(db: Kysely<Database>, num: number): Promise<QuarantineEntry[]> {
  const rows = await db.selectFrom('quarantine_reasons').selectAll().where('num', '=', num).execute();
  return rows.flatMap((row) => {
    const key = Key.safeParse(row);
    if (!key.success) return [];
    const { tongue, reason } = key.data;
    return [
      {
        ...{ tongue, reason, count: row.count, firstAt: row.first_at, lastAt: row.last_at },
        ...{ topic: row.topic, place: row.place, detail: row.detail, sample: Sample.parse(row.sample) },
      },
    ];
  });
}

export async function writeQuarantine(trx: Transaction<Database>, batch: QuarantineBatch): Promise<void> {
  for (const { num, tongue, reason } of batch.gone)
    await trx
      .deleteFrom('quarantine_reasons')
      .where('num', '=', num)
      .where('tongue', '=', tongue)
      .where('reason', '=', reason)
      .execute();
  for (const rows of slices(batch.sums))
    await trx
      .insertInto('quarantine')
      .values(
        rows.map(({ num, count, lastReason, lastAt }) => ({
          ...{ num, count, last_reason: lastReason, last_at: lastAt },
        })),
      )
      .onConflict((conflict) =>
        conflict.column('num').doUpdateSet((eb) => ({
          count: eb.ref('excluded.count'),
          last_reason: eb.ref('excluded.last_reason'),
          last_at: eb.ref('excluded.last_at'),
        })),
      )
      .execute();
  for (const rows of slices(batch.details))
    await trx
      .insertInto('quarantine_reasons')
      .values(
        rows.map(({ firstAt, lastAt, sample, ...row }) => ({
          ...row,
          ...{ first_at: firstAt, last_at: lastAt, sample: JSON.stringify(sample) },
        })),
      )
      .onConflict((conflict) =>
        conflict.columns(['num', 'tongue', 'reason']).doUpdateSet((eb) => ({
          count: eb.ref('excluded.count'),
          first_at: eb.ref('excluded.first_at'),
          last_at: eb.ref('excluded.last_at'),
          topic: eb.ref('excluded.topic'),
          place: eb.ref('excluded.place'),
          detail: eb.ref('excluded.detail'),
          sample: eb.ref('excluded.sample'),
        })),
      )
      .execute();
}

const slices = <T>(rows: readonly T[]): T[][] =>
  Array.from({ length: Math.ceil(rows.length / ROWS_A_STATEMENT) }, (_, index) =>
    rows.slice(index * ROWS_A_STATEMENT, (index + 1) * ROWS_A_STATEMENT),
  );
