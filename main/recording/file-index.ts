import type { Kysely } from 'kysely';
import type { Database } from '../storage/tables.ts';
import { createDiskTable } from './disks/disk-table.ts';
import { createIndexRead } from './index-read.ts';
import { createIndexUpkeep } from './index-upkeep.ts';
import { createIndexWrite } from './index-write.ts';

/** The recordings' tables: every statement that reads or writes them. */
export type FileIndex = ReturnType<typeof createFileIndex>;

export function createFileIndex(db: Kysely<Database>) {
  return {
    db,
    ...createIndexRead(db),
    ...createIndexWrite(db),
    ...createIndexUpkeep(db),
    disks: createDiskTable(db),
  };
}
