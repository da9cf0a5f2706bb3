import type { Transaction } from 'kysely';
import type { Clock } from '../base/clock.ts';
import { AppError, messageOf } from '../base/errors.ts';
import type { Logger } from '../base/logging.ts';
import type { NoticeReceiver } from '../contract/notices.ts';
import type { Database } from '../storage/tables.ts';
import type { Outbox } from './outbox.ts';
import { receiverTrouble, storedTrouble, troubleStored } from './receiver-trouble.ts';
import { type Channel, isOver, type Notice, type TellableIncident } from './types.ts';

/** At most one message a channel in this time, ms: what comes meanwhile is told together. */
export const QUIET_MS = 60_000;
/** Of so many incidents a message tells; the rest goes in the next. */
const INCIDENTS_A_MESSAGE = 50;
const SEND_TIMEOUT_MS = 20_000;
const RETRY_FIRST_MS = 5_000;
const RETRY_LIMIT_MS = 300_000;
/** What could not be told for so long is no news any more, ms. */
export const STALE_MS = 6 * 3_600_000;
/** A notice that never gets through, while others do, is one that the receiver does not take. */
const TRIES_LIMIT = 20;

export interface ReceiverOptions {
  channel: Channel;
  outbox: Outbox;
  clock: Clock;
  log: Logger;
  stopping: AbortSignal;
  incident(id: string): Promise<TellableIncident | undefined>;
  /** The end of this incident was told: is it still over? */
  toldOver(id: string): void;
  /** Keeps that this channel was never told of these incidents, in the transaction that gives them up. */
  givenUp(trx: Transaction<Database>, channel: string, incidents: string[], problem: string): Promise<void>;
}

/** One way out and what waits for it. None waits for another. */
export interface Receiver {
  /** Sends what is due, in its own time; does nothing while it is at it. */
  look(): void;
  /** Sends a message that says that it is a test. @throws AppError `notice-test-busy`, `notice-test-failed` */
  test(): Promise<void>;
  state(): Promise<NoticeReceiver>;
  /** Resolves when nothing is on its way. */
  idle(): Promise<void>;
}

/**
 * A circuit breaker for each channel: after a failure one incident is tried alone, later and later; when it gets
 * through the rest follows at once, newest first.
 */
export function createReceiver(options: ReceiverOptions): Receiver {
  const { channel, outbox, clock, log, stopping } = options;
  let nextAt = Number.NEGATIVE_INFINITY;
  let failures = 0;
  let problem = '';
  let work: Promise<void> | undefined;
  let testing = false;
  let unread = false;

  const deadline = () => AbortSignal.any([stopping, AbortSignal.timeout(SEND_TIMEOUT_MS)]);

  async function giveUp(): Promise<void> {
    const now = clock.now();
    const count = await outbox.giveUp(
      channel.name,
      { before: now - STALE_MS, tries: TRIES_LIMIT, at: now },
      (trx, incidents) => options.givenUp(trx, channel.name, incidents, problem),
    );
    if (count > 0) log.error({ channel: channel.name, notices: count, problem }, 'notices were given up');
  }

  async function tell(): Promise<void> {
    await giveUp();
    const rows = await outbox.waiting(channel.name, failures === 0 ? INCIDENTS_A_MESSAGE : 1);
    if (rows.length === 0) return;
    const notices: Notice[] = [];
    const ids: number[] = [];
    for (const { id, incident_id, kind, at } of rows) {
      const incident = await options.incident(incident_id);
      // Muted before it was told, or back before its end was.
      if (incident && !isOver(incident) && (kind === 'cleared' || incident.muted)) {
        await outbox.drop(id);
        continue;
      }
      ids.push(id);
      if (incident) notices.push({ kind: kind === 'cleared' ? 'cleared' : 'opened', at, incident });
    }
    if (notices.length === 0) return outbox.sent(channel.name, ids, clock.now(), false);
    try {
      await channel.send(notices, deadline());
    } catch (error) {
      if (!stopping.aborted) await failed(ids, error);
      return;
    }
    await outbox.sent(channel.name, ids, clock.now(), true);
    const rest = failures > 0 && (await outbox.countWaiting(channel.name)) > 0;
    nextAt = rest ? Number.NEGATIVE_INFINITY : clock.monotonic() + QUIET_MS;
    works();
    // One that came back while its end was being told.
    for (const { kind, incident } of notices) if (kind === 'cleared') options.toldOver(incident.id);
  }

  function works(): void {
    if (failures > 0) log.info({ channel: channel.name }, 'notices go out again');
    failures = 0;
  }

  async function failed(ids: readonly number[], error: unknown): Promise<void> {
    const trouble = receiverTrouble(channel.host, error);
    problem = trouble.text;
    if (failures === 0) log.error({ channel: channel.name, err: problem }, 'a notice could not be sent');
    nextAt = clock.monotonic() + Math.min(RETRY_LIMIT_MS, RETRY_FIRST_MS * 2 ** Math.min(failures, 16));
    failures += 1;
    await outbox.failed(channel.name, ids, clock.now(), storedTrouble(trouble));
  }

  return {
    look() {
      if (work || testing || stopping.aborted || clock.monotonic() < nextAt) return;
      work = tell()
        .then(() => {
          unread = false;
        })
        .catch((error: unknown) => {
          if (!unread)
            log.error({ channel: channel.name, err: messageOf(error) }, 'notices could not be read');
          unread = true;
        })
        .finally(() => {
          work = undefined;
        });
    },
    async test() {
      if (testing)
        throw new AppError(
          'notice-test-busy',
          409,
          'A test is on its way to this receiver. Wait for its answer.',
        );
      testing = true;
      try {
        await work;
        await channel.test(deadline());
        await outbox.sent(channel.name, [], clock.now(), true);
        // What waits goes at once.
        nextAt = Number.NEGATIVE_INFINITY;
        works();
      } catch (error) {
        const { code, text, params } = receiverTrouble(channel.host, error);
        if (!stopping.aborted) await failed([], error);
        throw new AppError(
          'notice-test-failed',
          502,
          `The test did not get through: ${text}. Check the receiver's address, its certificate and the network.`,
          { ...params, trouble: code },
          { cause: error },
        );
      } finally {
        testing = false;
      }
    },
    async state() {
      const [record, waiting] = await Promise.all([
        outbox.record(channel.name),
        outbox.countWaiting(channel.name),
      ]);
      const [sentAt, failedAt] = [record?.sent_at ?? null, record?.failed_at ?? null];
      const failing = failures > 0 || (failedAt ?? 0) > (sentAt ?? 0);
      return {
        ...{ name: channel.name, kind: channel.kind, host: channel.host, minSeverity: channel.minSeverity },
        state: failing ? 'failing' : sentAt === null ? 'unused' : 'working',
        ...{ waiting, lastSentAt: sentAt, lastFailedAt: failedAt },
        problem: record?.problem ? troubleStored(channel.host, record.problem) : null,
        nextTryAt:
          failures === 0 || waiting === 0
            ? null
            : Math.round(clock.now() + Math.max(0, nextAt - clock.monotonic())),
        ...{ givenUp: record?.given_up ?? 0, lastGivenUpAt: record?.given_up_at ?? null },
      };
    },
    async idle() {
      await work;
    },
  };
}
