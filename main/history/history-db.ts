import type { Generated, Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/**
 * `part`: five-minute cells of some minutes of a block of devices, as they were packed. `span`: several parts of a day
 * that is not over, merged. `day`: all of a UTC day, merged. `hour`: hourly cells of a day.
 */
export type Tier = 'part' | 'span' | 'day' | 'hour';

export interface HistoryTables {
  /** Batches of samples that are not in every one of their blocks' rows yet. `id` is the sender's. */
  journal: { id: number; samples: Uint8Array };
  /** Up to which journal row a partition's samples are packed. */
  partitions: { partition: number; journal_id: number };
  /** Samples of one block of devices within one hour. */
  samples: { id: Generated<number>; block: number; start_ms: number; data: Uint8Array };
  /** `day` is the UTC day's number since 1970. */
  aggregates: { id: Generated<number>; block: number; tier: Tier; day: number; data: Uint8Array };
}

export type HistoryDb = Kysely<HistoryTables>;

const first: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable('journal')
      .addColumn('id', 'integer', (column) => column.primaryKey())
      .addColumn('samples', 'blob', (column) => column.notNull())
      .execute();
    await db.schema
      .createTable('partitions')
      .addColumn('partition', 'integer', (column) => column.primaryKey())
      .addColumn('journal_id', 'bigint', (column) => column.notNull())
      .execute();
    await db.schema
      .createTable('samples')
      .addColumn('id', 'integer', (column) => column.primaryKey())
      .addColumn('block', 'integer', (column) => column.notNull())
      .addColumn('start_ms', 'bigint', (column) => column.notNull())
      .addColumn('data', 'blob', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('samples_by_block').on('samples').columns(['block', 'start_ms']).execute();
    await db.schema.createIndex('samples_by_age').on('samples').column('start_ms').execute();
    await db.schema
      .createTable('aggregates')
      .addColumn('id', 'integer', (column) => column.primaryKey())
      .addColumn('block', 'integer', (column) => column.notNull())
      .addColumn('tier', 'text', (column) => column.notNull())
      .addColumn('day', 'integer', (column) => column.notNull())
      .addColumn('data', 'blob', (column) => column.notNull())
      .execute();
    await db.schema
      .createIndex('aggregates_by_block')
      .on('aggregates')
      .columns(['block', 'tier', 'day'])
      .execute();
    await db.schema.createIndex('aggregates_by_age').on('aggregates').columns(['tier', 'day']).execute();
  },
};

/** Order is the order of their names. */
export const historyMigrations: Record<string, Migration> = { '0001-first': first };
