import type { KeyObject } from 'node:crypto';
import type { Kysely, Selectable } from 'kysely';
import type { Database } from '../storage/tables.ts';
import { entryHash, GENESIS_HASH } from './chain.ts';
import { type HeadState, readHead } from './head-file.ts';
import { markIsSigned } from './signing.ts';
import type { AuditVerdict } from './types.ts';

const PAGE = 1000;
type EntryRow = Selectable<Database['audit_entries']>;
type CheckpointRow = Selectable<Database['audit_checkpoints']>;

const wrong = (seq: number, problem: string): AuditVerdict => ({ ok: false, seq, problem });

/**
 * Walks the chain from its first entry, its signed checkpoints beside it, and compares the end with the
 * signed head file. Entries that are added meanwhile are left for the next time. Reads only.
 */
export async function verifyChain(
  db: Kysely<Database>,
  { publicKey, headFile }: { publicKey: KeyObject; headFile: string },
): Promise<AuditVerdict> {
  // In this order: the head is never ahead of the checkpoints, nor these of the entries.
  const headState = readHead(headFile);
  const lastCheckpoint = await lastNumber(db);
  const lastEntry = await lastSeq(db);

  const checkpoints = checkpointRows(db, lastCheckpoint);
  let checkpoint = (await checkpoints.next()).value;
  let checkpointsSeen = 0;
  let hash = GENESIS_HASH;
  let seq = 0;
  const headSeq = headState.is === 'read' ? headState.head.seq : -1;
  let hashAtHead = headSeq === 0 ? GENESIS_HASH : undefined;

  for await (const row of entryRows(db, lastEntry)) {
    if (row.seq !== seq + 1)
      return wrong(seq + 1, `entry ${seq + 1} is missing; the next one there is ${row.seq}`);
    seq = row.seq;
    const expected = hashOf(hash, row);
    if (expected !== row.hash) return wrong(seq, `entry ${seq} was changed, or one before it was replaced`);
    hash = row.hash;
    if (seq === headSeq) hashAtHead = hash;
    if (row.kind === 'audit.broken')
      return wrong(seq, `entry ${seq} tells of a break found at a start: ${row.data}`);
    while (checkpoint && checkpoint.seq <= seq) {
      checkpointsSeen += 1;
      const problem = checkpointProblem(checkpoint, checkpointsSeen, seq, hash, publicKey);
      if (problem) return wrong(seq, problem);
      checkpoint = (await checkpoints.next()).value;
    }
  }
  if (checkpoint)
    return wrong(
      seq + 1,
      `the log ends at entry ${seq}, but checkpoint ${checkpoint.number} names entry ${checkpoint.seq}: the tail was cut off`,
    );
  const problem = headProblem(headState, publicKey, { seq, number: checkpointsSeen, hashAtHead });
  return problem ? wrong(seq + 1, problem) : { ok: true, entries: seq };
}

/** What of a signed head does not fit what is stored; null when all does. */
export function headProblem(
  state: HeadState,
  publicKey: KeyObject,
  stored: { seq: number; number: number; hashAtHead: string | undefined },
): string | null {
  if (state.is === 'absent') return 'the signed head file beside the database is missing';
  if (state.is === 'broken') return `the signed head file beside the database cannot be read (${state.why})`;
  const { head } = state;
  if (!markIsSigned(publicKey, 'head', head, head.signature))
    return "the head file beside the database does not bear this hub's signature";
  if (head.seq > stored.seq)
    return `the log ends at entry ${stored.seq}, but entry ${head.seq} had been signed: the tail was cut off`;
  if (head.hash !== stored.hashAtHead)
    return `entry ${head.seq} is not the one that had been signed: the log was replaced`;
  if (head.number > stored.number)
    return `there are ${stored.number} checkpoints, but ${head.number} had been signed`;
  return null;
}

function checkpointProblem(
  checkpoint: CheckpointRow,
  number: number,
  seq: number,
  hash: string,
  publicKey: KeyObject,
): string | null {
  if (checkpoint.number !== number) return `checkpoint ${number} is missing`;
  if (!markIsSigned(publicKey, 'checkpoint', checkpoint, checkpoint.signature))
    return `checkpoint ${number} does not bear this hub's signature`;
  if (checkpoint.seq !== seq) return `checkpoint ${number} stands out of order`;
  if (checkpoint.hash !== hash) return `checkpoint ${number} names another entry ${seq} than the one stored`;
  return null;
}

/** A row whose data is no JSON any more has no hash that could fit. */
function hashOf(previous: string, row: EntryRow): string | null {
  try {
    return entryHash(previous, row);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

export async function lastSeq(db: Kysely<Database>): Promise<number> {
  const row = await db
    .selectFrom('audit_entries')
    .select((e) => e.fn.max('seq').as('last'))
    .executeTakeFirst();
  return row?.last ?? 0;
}

export async function lastNumber(db: Kysely<Database>): Promise<number> {
  const row = await db
    .selectFrom('audit_checkpoints')
    .select((e) => e.fn.max('number').as('last'))
    .executeTakeFirst();
  return row?.last ?? 0;
}

async function* entryRows(db: Kysely<Database>, last: number): AsyncGenerator<EntryRow, undefined> {
  let after = Number.MIN_SAFE_INTEGER;
  for (;;) {
    const rows = await db
      .selectFrom('audit_entries')
      .selectAll()
      .where('seq', '>', after)
      .where('seq', '<=', last)
      .orderBy('seq')
      .limit(PAGE)
      .execute();
    yield* rows;
    const end = rows.at(-1);
    if (!end || rows.length < PAGE) return undefined;
    after = end.seq;
  }
}

async function* checkpointRows(db: Kysely<Database>, last: number): AsyncGenerator<CheckpointRow, undefined> {
  let after = Number.MIN_SAFE_INTEGER;
  for (;;) {
    const rows = await db
      .selectFrom('audit_checkpoints')
      .selectAll()
      .where('number', '>', after)
      .where('number', '<=', last)
      .orderBy('number')
      .limit(PAGE)
      .execute();
    yield* rows;
    const end = rows.at(-1);
    if (!end || rows.length < PAGE) return undefined;
    after = end.number;
  }
}
