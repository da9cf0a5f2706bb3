import type { Kysely, Selectable, Transaction } from 'kysely';
import { z } from 'zod';
import { ExportFile, ExportInput } from '../contract/export.ts';
import type { Database } from '../storage/tables.ts';
import type { ExportRequest } from './types.ts';

const { cameraIds: _ids, ...asked } = ExportInput.shape;
const StoredRequest = z.object({
  ...asked,
  cameras: z.array(z.object({ id: z.string(), name: z.string(), address: z.string() })),
});
const StoredResult = z.object({
  archive: z.object({ name: z.string(), bytes: z.int() }),
  /** With their places in the archive. */
  files: z.array(ExportFile.extend({ offset: z.int() })),
  manifestSha256: z.string(),
});
export type ExportResult = z.infer<typeof StoredResult>;

const StoredError = z.object({
  code: z.string(),
  message: z.string(),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
});
export type ExportError = z.infer<typeof StoredError>;

export interface ExportRecord {
  id: string;
  ownerId: string;
  /** Network address the request came from. */
  origin: string;
  askedAt: number;
  request: ExportRequest;
  estimateBytes: number;
  state: 'going' | 'done' | 'failed' | 'cancelled';
  endedAt: number | null;
  keptUntil: number | null;
  error: ExportError | null;
  result: ExportResult | null;
}

const State = z.enum(['going', 'done', 'failed', 'cancelled']);

const fromRow = (row: Selectable<Database['export']>): ExportRecord => ({
  id: row.id,
  ownerId: row.owner_id,
  origin: row.origin,
  askedAt: row.asked_at,
  request: StoredRequest.parse(JSON.parse(row.request)),
  estimateBytes: row.estimate_bytes,
  state: State.parse(row.state),
  endedAt: row.ended_at,
  keptUntil: row.kept_until,
  error: row.error === null ? null : StoredError.parse(JSON.parse(row.error)),
  result: row.result === null ? null : StoredResult.parse(JSON.parse(row.result)),
});

/** Every statement that reads or writes the table of exports. */
export function createExportTable(db: Kysely<Database>) {
  return {
    async insert(trx: Transaction<Database>, record: ExportRecord): Promise<void> {
      await trx
        .insertInto('export')
        .values({
          id: record.id,
          owner_id: record.ownerId,
          origin: record.origin,
          asked_at: record.askedAt,
          request: JSON.stringify(record.request),
          estimate_bytes: record.estimateBytes,
          state: record.state,
          ended_at: null,
          kept_until: null,
          error: null,
          result: null,
        })
        .execute();
    },
    async end(
      trx: Transaction<Database>,
      { id, state, endedAt, keptUntil, error, result }: ExportRecord,
    ): Promise<void> {
      await trx
        .updateTable('export')
        .set({
          state,
          ended_at: endedAt,
          kept_until: keptUntil,
          error: error && JSON.stringify(error),
          result: result && JSON.stringify(result),
        })
        .where('id', '=', id)
        .execute();
    },
    async remove(trx: Transaction<Database>, id: string): Promise<void> {
      await trx.deleteFrom('export').where('id', '=', id).execute();
    },
    /** All there are, oldest first. */
    async load(): Promise<ExportRecord[]> {
      return (await db.selectFrom('export').selectAll().orderBy('asked_at').execute()).map(fromRow);
    },
  };
}
