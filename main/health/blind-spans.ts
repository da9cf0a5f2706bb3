import type { Kysely } from 'kysely';
import type { Clock } from '../base/clock.ts';
import { messageOf } from '../base/errors.ts';
import type { Logger } from '../base/logging.ts';
import type { Database } from '../storage/tables.ts';

/** A stop shorter than this is a start anew, in which devices keep their connections: not worth a span, ms. */
const SHORTEST_STOP_MS = 5_000;

/** Keeps on record when the hub could not hear the devices, for whoever reckons with the time later. */
export interface BlindSpans {
  /** `reason` makes the hub blind since then (UTC ms), or no longer does (null). */
  set(reason: 'broker' | 'storing' | 'stalled', since: number | null): void;
  /** Resolves when all told so far is stored. */
  stop(): Promise<void>;
}

/** `blindFrom`: when the last run was heard of last; null at the first start. */
export async function createBlindSpans(options: {
  db: Kysely<Database>;
  clock: Clock;
  log: Logger;
  blindFrom: number | null;
}): Promise<BlindSpans> {
  const { db, clock, log, blindFrom } = options;
  const reasons = new Set<string>();
  let id: number | undefined;
  let work: Promise<void> = Promise.resolve();

  // A span that the last run left open ends where this one begins to hear; a stop without one begins at its last sign.
  const left = await db
    .selectFrom('blind_spans')
    .select('id')
    .where('until_ms', 'is', null)
    .executeTakeFirst();
  const now = clock.now();
  if (left)
    await db.updateTable('blind_spans').set({ until_ms: now }).where('until_ms', 'is', null).execute();
  else if (blindFrom !== null && now - blindFrom > SHORTEST_STOP_MS)
    await db
      .insertInto('blind_spans')
      .values({ from_ms: blindFrom, until_ms: now, reason: 'hub-stopped' })
      .execute();

  const later = (task: () => Promise<void>): void => {
    work = work.then(task).catch((error: unknown) => {
      log.error({ err: messageOf(error) }, 'that the hub was blind could not be put on record');
    });
  };

  return {
    set(reason, since) {
      if (since !== null) {
        if (reasons.has(reason)) return;
        reasons.add(reason);
        if (reasons.size > 1) return;
        later(async () => {
          const row = await db
            .insertInto('blind_spans')
            .values({ from_ms: since, until_ms: null, reason })
            .returning('id')
            .executeTakeFirstOrThrow();
          id = row.id;
        });
        return;
      }
      if (!reasons.delete(reason) || reasons.size > 0) return;
      const until = clock.now();
      later(async () => {
        if (id !== undefined)
          await db.updateTable('blind_spans').set({ until_ms: until }).where('id', '=', id).execute();
        id = undefined;
      });
    },
    stop: () => work,
  };
}
