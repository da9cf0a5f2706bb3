import type { Kysely, Transaction } from 'kysely';
import type { Clock } from '../base/clock.ts';
import { messageOf } from '../base/errors.ts';
import { newId } from '../base/ids.ts';
import type { Logger } from '../base/logging.ts';
import type { Database } from '../storage/tables.ts';
import { entryHash, GENESIS_HASH } from './chain.ts';
import { type PreparedEvent, prepareEvent } from './entry.ts';
import { headFileOf, readHead, writeHead } from './head-file.ts';
import { auditEntries, auditPage } from './query.ts';
import { type ChainMark, openAuditKey, signMark } from './signing.ts';
import type { AuditEvent, AuditStore } from './types.ts';
import { headProblem, lastNumber, verifyChain } from './verify.ts';

const MOST_AT_ONCE = 200;

export interface AuditOptions {
  db: Kysely<Database>;
  clock: Clock;
  log: Logger;
  /** Where the signing key is kept; made at first start. The head file lies beside it. */
  keyFile: string;
  /** A checkpoint is stored after this many entries, and at the latest after `checkpointMs`. */
  checkpointEvery?: number;
  checkpointMs?: number;
  /** How long after an entry the head file may lag behind, ms. */
  headDelayMs?: number;
}

/**
 * The hash-chained log. What was signed before is compared with what is stored now, and a difference is put
 * on record for good before anything is signed again.
 * @throws AppError `audit-key-broken`
 */
export async function createAudit({
  db,
  clock,
  log,
  keyFile,
  checkpointEvery = 100,
  checkpointMs = 3_600_000,
  headDelayMs = 1000,
}: AuditOptions): Promise<AuditStore> {
  const { key, publicKey, made } = openAuditKey(keyFile);
  const headFile = headFileOf(keyFile);
  let waiting: { event: PreparedEvent; stored: () => void; failed: (error: unknown) => void }[] = [];
  let draining: Promise<void> | undefined;
  let headTimer: NodeJS.Timeout | undefined;
  let signing: Promise<void> = Promise.resolve();
  let stopped = false;

  await recordBreak();
  await signHead(false);
  const hourly = setInterval(() => sign(true), checkpointMs);

  /** Adds to the end of the chain, whose hash is read in the same transaction: two can't follow the same one. */
  async function add(trx: Transaction<Database>, events: readonly PreparedEvent[]): Promise<void> {
    if (stopped) throw new Error('the audit log is stopped');
    const last = await end(trx);
    let { seq, hash } = last;
    const rows = events.map((event) => {
      seq += 1;
      const row = { seq, at: clock.now(), ...event };
      hash = entryHash(hash, row);
      return { ...row, hash };
    });
    await trx.insertInto('audit_entries').values(rows).execute();
    headTimer ??= setTimeout(() => sign(false), headDelayMs);
  }

  async function drain(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, MOST_AT_ONCE);
      waiting = waiting.slice(MOST_AT_ONCE);
      try {
        await db.transaction().execute((trx) =>
          add(
            trx,
            batch.map(({ event }) => event),
          ),
        );
        for (const { stored } of batch) stored();
      } catch (error) {
        for (const { failed } of batch) failed(error);
      }
    }
    draining = undefined;
  }

  function sign(checkpoint: boolean): void {
    clearTimeout(headTimer);
    headTimer = undefined;
    signing = signing
      .then(() => signHead(checkpoint))
      .catch((error: unknown) => log.error({ err: messageOf(error) }, 'the audit log could not be signed'));
  }

  /** Signs the end of the chain into the head file; before that into a checkpoint, when one is due or asked for. */
  async function signHead(checkpointNow: boolean): Promise<void> {
    const last = await end(db);
    const previous = await db
      .selectFrom('audit_checkpoints')
      .select(['number', 'seq'])
      .orderBy('number', 'desc')
      .limit(1)
      .executeTakeFirst();
    const mark: ChainMark = { number: previous?.number ?? 0, at: clock.now(), ...last };
    const unsigned = last.seq - (previous?.seq ?? 0);
    if (unsigned >= checkpointEvery || (checkpointNow && unsigned > 0)) {
      mark.number += 1;
      const signature = signMark(key, 'checkpoint', mark);
      await db
        .insertInto('audit_checkpoints')
        .values({ ...mark, signature })
        .execute();
    }
    await writeHead(headFile, mark, signMark(key, 'head', mark));
  }

  async function recordBreak(): Promise<void> {
    const last = await end(db);
    const head = readHead(headFile);
    const number = await lastNumber(db);
    const fresh = last.seq === 0 && number === 0 && head.is === 'absent';
    if (fresh && made) return;
    const problem =
      made && !fresh
        ? 'the key that signed the log is missing'
        : headProblem(head, publicKey, {
            seq: last.seq,
            number,
            hashAtHead: head.is === 'read' ? await hashAt(head.head.seq) : undefined,
          });
    if (problem === null) return;
    log.error({ problem }, 'the audit log is not as it was signed');
    const signed = head.is === 'read' ? { signedSeq: head.head.seq, signedHash: head.head.hash } : {};
    const event = prepareEvent({
      kind: 'audit.broken',
      person: null,
      from: '',
      subject: 'audit',
      data: { problem, ...signed },
    });
    await db.transaction().execute((trx) => add(trx, [event]));
  }

  async function hashAt(seq: number): Promise<string | undefined> {
    if (seq === 0) return GENESIS_HASH;
    const row = await db.selectFrom('audit_entries').select('hash').where('seq', '=', seq).executeTakeFirst();
    return row?.hash;
  }

  return {
    append: async (trx, event: AuditEvent) => add(trx, [prepareEvent(event)]),
    record: async (event) => {
      if (stopped) throw new Error('the audit log is stopped');
      const prepared = prepareEvent(event);
      return new Promise<void>((stored, failed) => {
        waiting.push({ event: prepared, stored, failed });
        draining ??= drain();
      });
    },
    page: (query) => auditPage(db, query),
    entries: (query) => auditEntries(db, query),
    async chain() {
      const last = await end(db);
      const checkpoint = await db
        .selectFrom('audit_checkpoints')
        .select(['number', 'at'])
        .orderBy('number', 'desc')
        .limit(1)
        .executeTakeFirst();
      const verified = await db
        .selectFrom('audit_verifications')
        .selectAll()
        .orderBy('id', 'desc')
        .limit(1)
        .executeTakeFirst();
      return {
        entries: last.seq,
        lastHash: last.hash,
        checkpoints: checkpoint?.number ?? 0,
        lastCheckpointAt: checkpoint?.at ?? null,
        verified: verified ? { at: verified.at, ok: verified.ok === 1, problem: verified.problem } : null,
      };
    },
    async verify() {
      const verdict = await verifyChain(db, { publicKey, headFile });
      const at = clock.now();
      await db
        .insertInto('audit_verifications')
        .values({
          id: newId(at),
          at,
          entries: verdict.ok ? verdict.entries : verdict.seq,
          ok: verdict.ok ? 1 : 0,
          problem: verdict.ok ? null : verdict.problem,
        })
        .execute();
      return verdict;
    },
    async stop() {
      clearInterval(hourly);
      await draining;
      stopped = true;
      sign(true);
      await signing;
    },
  };
}

async function end(db: Kysely<Database>): Promise<{ seq: number; hash: string }> {
  const row = await db
    .selectFrom('audit_entries')
    .select(['seq', 'hash'])
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row ?? { seq: 0, hash: GENESIS_HASH };
}
