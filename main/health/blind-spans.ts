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
  /** Devices can be heard for the first time since the start: the time since the last run ends here. */
  hears(): void;
  /** The clock went on from one time (UTC ms) to another at once: asleep with the machine, or corrected. */
  clockJumped(from: number, to: number): void;
  /** Resolves when all told so far is stored. */
  stop(): Promise<void>;
}

/**
 * `blindFrom`: when the last run was able to hear last; null at the first start. A run that hears nothing yet has not
 * ended the time of which nothing is known, however long its start takes.
 */
export async function createBlindSpans(options: {
  db: Kysely<Database>;
  clock: Clock;
  log: Logger;
  blindFrom: number | null;
}): Promise<BlindSpans> {
  const { db, clock, log, blindFrom } = options;
  const reasons = new Set<string>(blindFrom === null ? [] : ['starting']);
  let work: Promise<void> = Promise.resolve();

  // One that the last run left open goes on; one alone, so that an old mistake is not carried on for ever.
  const left = await db
    .selectFrom('blind_spans')
    .select('id')
    .where('until_ms', 'is', null)
    .orderBy('from_ms')
    .execute();
  let id = left.at(-1)?.id;
  /** Since when it is blind without that being stored yet: a short stop is not worth it. */
  let since = left.length > 0 ? null : blindFrom;
  if (left.length > 0) reasons.add('starting');

  const later = (task: () => Promise<void>): void => {
    work = work.then(task).catch((error: unknown) => {
      log.error({ err: messageOf(error) }, 'that the hub was blind could not be put on record');
    });
  };
  const insert = (from: number, until: number | null, reason: string) =>
    db
      .insertInto('blind_spans')
      .values({ from_ms: from, until_ms: until, reason })
      .returning('id')
      .executeTakeFirstOrThrow();

  function end(reason: string): void {
    if (!reasons.delete(reason) || reasons.size > 0) return;
    const until = clock.now();
    const from = since;
    since = null;
    later(async () => {
      if (id !== undefined)
        await db.updateTable('blind_spans').set({ until_ms: until }).where('until_ms', 'is', null).execute();
      else if (from !== null && until - from > SHORTEST_STOP_MS) await insert(from, until, 'hub-stopped');
      id = undefined;
    });
  }

  return {
    set(reason, from) {
      if (from === null) {
        end(reason);
        return;
      }
      if (reasons.has(reason)) return;
      reasons.add(reason);
      if (reasons.size > 1) return;
      later(async () => {
        id = (await insert(from, null, reason)).id;
      });
    },
    hears: () => end('starting'),
    clockJumped(from, to) {
      // A clock that was far behind at the start must not blot out what the last run knew.
      const lost = Math.max(Math.round(from), blindFrom ?? Number.NEGATIVE_INFINITY);
      if (to > lost)
        later(async () => {
          await insert(lost, to, 'clock');
        });
    },
    stop: () => work,
  };
}
