import { sql, type Transaction } from 'kysely';
import type { Database } from '../storage/tables.ts';
import type { NewDeviceRow } from './rows.ts';

/** Columns in the order in which bulk rows carry them. `num` is the database's. */
const COLUMNS = [
  'id',
  'kind',
  'name',
  'address',
  'lat',
  'lon',
  'azimuth_deg',
  'owner',
  'contractor',
  'district_id',
  'parent_id',
  'model',
  'serial',
  'mac',
  'recorded',
  'retention_days',
  'stream_host',
  'stream_sealed',
  'second_host',
  'second_sealed',
  'sound',
  'sound_hint',
  'sort_key',
  'search',
  'updated_at',
] as const satisfies readonly (keyof NewDeviceRow)[];

const names = sql.join(COLUMNS.map((name) => sql.ref(name)));
const values = sql.join(COLUMNS.map((_, index) => sql`value ->> ${sql.lit(index)}`));
const assignments = sql.join(
  COLUMNS.map((name, index) => sql`${sql.ref(name)} = given.value ->> ${sql.lit(index)}`),
);

/** One statement for very many rows: the rows travel as one JSON text, which spares a bound value per cell. */
export class BulkChunk {
  readonly #rows: unknown[][] = [];
  readonly #groups: [string, string][] = [];

  get size(): number {
    return this.#rows.length;
  }

  add(row: NewDeviceRow, groupIds: readonly string[]): void {
    this.#rows.push(COLUMNS.map((name) => row[name]));
    for (const group of new Set(groupIds)) this.#groups.push([row.id, group]);
  }

  ids(): string[] {
    return this.#rows.map((row) => String(row[0]));
  }

  /** The chunk as bytes, off the JavaScript heap, until its turn to be written comes. */
  pack(): PackedChunk {
    return {
      count: this.#rows.length,
      rows: Buffer.from(JSON.stringify(this.#rows)),
      groups: Buffer.from(JSON.stringify(this.#groups)),
    };
  }
}

export interface PackedChunk {
  readonly count: number;
  readonly rows: Buffer;
  readonly groups: Buffer;
}

export async function insertChunk(trx: Transaction<Database>, chunk: PackedChunk): Promise<void> {
  const rows = chunk.rows.toString('utf8');
  await sql`insert into device (${names}) select ${values} from json_each(${rows})`.execute(trx);
  await insertMembers(trx, chunk.groups);
}

/** Writes every column and the groups of devices that exist already. */
export async function updateChunk(trx: Transaction<Database>, chunk: PackedChunk): Promise<void> {
  const rows = chunk.rows.toString('utf8');
  await sql`update device set ${assignments} from json_each(${rows}) as given where device.id = given.value ->> 0`.execute(
    trx,
  );
  await sql`delete from device_group_member where device_num in
    (select device.num from json_each(${rows}) as given join device on device.id = given.value ->> 0)`.execute(
    trx,
  );
  await insertMembers(trx, chunk.groups);
}

async function insertMembers(trx: Transaction<Database>, groups: Buffer): Promise<void> {
  await sql`insert into device_group_member (device_num, group_id)
    select device.num, given.value ->> 1 from json_each(${groups.toString('utf8')}) as given
    join device on device.id = given.value ->> 0`.execute(trx);
}

export const ROWS_PER_CHUNK = 500;

/** Rows on their way to the database, packed as they come. */
export class ChunkList {
  readonly packed: PackedChunk[] = [];
  count = 0;
  #open = new BulkChunk();

  add(...row: Parameters<BulkChunk['add']>): void {
    this.#open.add(...row);
    this.count += 1;
    if (this.#open.size === ROWS_PER_CHUNK) this.close();
  }

  close(): PackedChunk[] {
    if (this.#open.size > 0) this.packed.push(this.#open.pack());
    this.#open = new BulkChunk();
    return this.packed;
  }
}
