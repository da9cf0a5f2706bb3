import { setImmediate } from 'node:timers/promises';
import type { Kysely, Transaction } from 'kysely';
import { z } from 'zod';
import type { Clock } from '../base/clock.ts';
import { messageOf } from '../base/errors.ts';
import type { Logger } from '../base/logging.ts';
import type { Database } from '../storage/tables.ts';
import { maskedText, withMaskedMacs } from './macs.ts';

const DAY_MS = 86_400_000;
const LOOK_EVERY_MS = 3_600_000;
const ROWS_A_TURN = 500;
/** Events up to this number (`device_events.id`) name no client any more. */
const MARK = 'client-macs-masked-to-event';

const Body = z.record(z.string(), z.unknown());
const Mark = z.coerce.number().int().min(0).catch(0);

/** Lets the MACs of Wi-Fi clients go when their time is over. */
export interface MacRetention {
  /** Once now; by itself it happens each hour. Throws when it cannot be stored. */
  run(): Promise<void>;
  /** Resolves when nothing of it runs any more. */
  stop(): Promise<void>;
}

/**
 * What access points tell of may name their clients. Those events stay for good, the half of each MAC that tells a
 * client from others goes `days` after the hub received it; from memory goes the list of clients that a point, silent
 * since, reported last. No other store has them: samples are numbers, quarantined ones are masked, and the journal of
 * unfinished messages is empty within seconds.
 */
export function createMacRetention(options: {
  db: Kysely<Database>;
  clock: Clock;
  log: Logger;
  days: number;
  /** Drops from memory the clients reported before, UTC ms. */
  forgetClients(before: number): void;
}): MacRetention {
  const { db, clock, log, days, forgetClients } = options;
  let stopped = false;

  async function marked(trx: Transaction<Database>): Promise<number> {
    const row = await trx.selectFrom('meta').select('value').where('key', '=', MARK).executeTakeFirst();
    return Mark.parse(row?.value ?? 0);
  }

  /**
   * Events in the order in which they came, since their times may be of clocks that were wrong.
   * @returns false when no more of them are due
   */
  const turn = (before: number): Promise<boolean> =>
    db.transaction().execute(async (trx) => {
      const rows = await trx
        .selectFrom('device_events')
        .select(['id', 'at', 'type', 'body'])
        .where('id', '>', await marked(trx))
        .orderBy('id')
        .limit(ROWS_A_TURN)
        .execute();
      const now = clock.now();
      const young = rows.findIndex(({ at }) => at >= before && at <= now);
      const due = young === -1 ? rows : rows.slice(0, young);
      for (const { id, type, body } of due) {
        const masked = { type: maskedText(type), body: maskedBody(body) };
        if (masked.type !== type || masked.body !== body)
          await trx.updateTable('device_events').set(masked).where('id', '=', id).execute();
      }
      const last = due.at(-1);
      if (last)
        await trx
          .insertInto('meta')
          .values({ key: MARK, value: String(last.id) })
          .onConflict((conflict) => conflict.column('key').doUpdateSet({ value: String(last.id) }))
          .execute();
      return due.length === ROWS_A_TURN;
    });

  async function run(): Promise<void> {
    const before = clock.now() - days * DAY_MS;
    forgetClients(before);
    while (!stopped && (await turn(before))) await setImmediate();
  }

  let running: Promise<void> = Promise.resolve();
  const runLogged = (): void => {
    running = running.then(run).catch((error: unknown) => {
      log.error({ err: messageOf(error) }, 'MACs of clients whose time is over could not be removed');
    });
  };
  runLogged();
  const timer = setInterval(runLogged, LOOK_EVERY_MS);
  return {
    run,
    async stop() {
      stopped = true;
      clearInterval(timer);
      await running;
    },
  };
}

/** Unchanged where it names none: most events do not. */
function maskedBody(body: string): string {
  if (maskedText(body) === body) return body;
  return JSON.stringify(withMaskedMacs(Body.parse(JSON.parse(body))));
}
