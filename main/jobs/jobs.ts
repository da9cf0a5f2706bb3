import type { Kysely } from 'kysely';
import type { Clock } from '../base/clock.ts';
import { AppError, messageOf } from '../base/errors.ts';
import type { EventBus } from '../base/event-bus.ts';
import { newId } from '../base/ids.ts';
import type { Logger } from '../base/logging.ts';
import type { Job } from '../contract/device.ts';
import type { HubEvents } from '../contract/hub-events.ts';
import type { Database } from '../storage/tables.ts';
import { createJobTable } from './job-table.ts';
import { createLane, type Lane } from './lane.ts';
import type { JobOrder, Jobs } from './types.ts';

export type { JobContext, JobOrder, JobOutcome, Jobs } from './types.ts';

/** Ended jobs that are kept, of all people together, and for how long, ms. */
const KEPT = 100;
const KEPT_MS = 24 * 3_600_000;
/** Jobs of one kind that one person may have running or waiting at once. */
const MOST_AT_ONCE = 3;
/** Shortest time between two tellings of progress, ms. */
const TELL_EVERY_MS = 250;

interface Entry {
  job: Job;
  readonly abort: AbortController;
  begun: boolean;
  lane?: Lane;
  ended: Promise<void>;
  endedMono: number | null;
  toldMono: number;
}

type Ending = Pick<Job, 'state' | 'error'> & Partial<Pick<Job, 'result' | 'progress'>>;
const CANCELLED: Ending = { state: 'cancelled', error: null };

/** Background work of people: each sees his own, may cancel it, and finds its result for a day. */
export async function createJobs({
  db,
  clock,
  bus,
  log,
}: {
  db: Kysely<Database>;
  clock: Clock;
  bus: EventBus<HubEvents>;
  log: Logger;
}): Promise<Jobs> {
  const table = createJobTable(db);
  const entries = new Map<string, Entry>();
  const lanes = new Map<string, Lane>();
  const cutOff = new Map<string, Job>();
  let stopping = false;

  const tell = (entry: Entry) => {
    entry.toldMono = clock.monotonic();
    bus.emit('job.changed', { jobId: entry.job.id, ownerId: entry.job.ownerId });
  };

  const entryOf = (job: Job, endedMono: number | null): Entry => ({
    ...{ job, endedMono, begun: endedMono !== null, abort: new AbortController() },
    ended: Promise.resolve(),
    toldMono: clock.monotonic(),
  });

  /** Takes over what earlier runs left; work that cannot be begun anew says that it was cut off. */
  async function load(): Promise<void> {
    for (const { job, lasting } of await table.load()) {
      if (job.state === 'running' && lasting) {
        cutOff.set(job.id, job);
        continue;
      }
      let ended = job;
      if (job.state === 'running') {
        const message = 'The hub was stopped in the middle of this work. Start it again.';
        ended = {
          ...job,
          state: 'failed',
          endedAt: clock.now(),
          error: { code: 'job-interrupted', message },
        };
        await db.transaction().execute((trx) => table.end(trx, ended));
      }
      const age = Math.max(0, clock.now() - (ended.endedAt ?? 0));
      entries.set(job.id, entryOf(ended, clock.monotonic() - age));
    }
    forgetOld();
  }

  function forgetOld(): void {
    const ended = [...entries.values()].filter((entry) => entry.endedMono !== null);
    const old = ended.filter(
      (entry, index) => ended.length - index > KEPT || clock.monotonic() - (entry.endedMono ?? 0) > KEPT_MS,
    );
    if (old.length === 0) return;
    for (const entry of old) entries.delete(entry.job.id);
    table
      .remove(old.map(({ job }) => job.id))
      .catch((error: unknown) => log.error({ err: messageOf(error) }, 'old jobs could not be removed'));
  }

  /** As it is shown: how many go before it is known only at this moment. */
  const shown = (entry: Entry): Job =>
    entry.begun ? entry.job : { ...entry.job, ahead: entry.lane?.ahead(entry.abort.signal) ?? 0 };

  const work = async (entry: Entry, order: JobOrder): Promise<Ending> => {
    const { signal } = entry.abort;
    if (signal.aborted) return CANCELLED;
    entry.begun = true;
    tell(entry);
    try {
      const { result, refused } = await order.run({
        jobId: entry.job.id,
        signal,
        progress(share) {
          entry.job = { ...entry.job, progress: Math.min(1, Math.max(0, share)) };
          if (clock.monotonic() - entry.toldMono >= TELL_EVERY_MS) tell(entry);
        },
      });
      return refused
        ? { state: 'failed', result, error: errorOf(refused) }
        : { state: 'done', result, error: null, progress: 1 };
    } catch (error) {
      if (signal.aborted) return CANCELLED;
      if (error instanceof AppError) return { state: 'failed', error: errorOf(error) };
      log.error({ err: error, job: entry.job.id, kind: order.kind }, 'job failed');
      const message = `The hub failed at this work (${messageOf(error)}).`;
      return { state: 'failed', error: { code: 'internal', message } };
    }
  };

  const run = async (entry: Entry, order: JobOrder): Promise<void> => {
    const ending = await work(entry, order);
    try {
      await order.release?.();
    } catch (error) {
      log.error({ err: error, job: entry.job.id, kind: order.kind }, 'job left something behind');
    }
    const job: Job = { ...entry.job, ahead: 0, ...ending, endedAt: clock.now() };
    // Cut off by the stop of the hub: its row stays as it is, and the next start begins it anew.
    const goesOn = stopping && order.lasting === true && ending.state === 'cancelled';
    if (!goesOn) await store(job, order);
    entry.job = job;
    entry.endedMono = clock.monotonic();
    tell(entry);
  };

  async function store(job: Job, order: JobOrder): Promise<void> {
    try {
      await db.transaction().execute(async (trx) => {
        await table.end(trx, job);
        await order.ended?.(trx, job);
      });
    } catch (error) {
      log.error({ err: error, job: job.id, kind: order.kind }, 'the end of a job was not stored');
    }
  }

  function begin(entry: Entry, order: JobOrder): void {
    const name = `${order.kind}${order.short === true ? ' short' : ''}`;
    const lane = lanes.get(name) ?? createLane(1);
    lanes.set(name, lane);
    entry.lane = lane;
    entries.set(entry.job.id, entry);
    entry.ended = lane.run(entry.job.ownerId, () => run(entry, order), entry.abort.signal);
  }

  const own = (id: string, ownerId: string): Entry | undefined => {
    forgetOld();
    const entry = entries.get(id);
    return entry?.job.ownerId === ownerId ? entry : undefined;
  };

  await load();
  return {
    async start(order) {
      forgetOld();
      if (stopping) throw new AppError('stopping', 503, 'The hub is stopping. Try again when it is back.');
      const running = [...entries.values()].filter(
        ({ endedMono, job }) =>
          endedMono === null && job.ownerId === order.ownerId && job.kind === order.kind,
      );
      if (running.length >= (order.most ?? MOST_AT_ONCE))
        throw new AppError(
          'too-many-jobs',
          429,
          `You have ${running.length} jobs running. Wait for one to end, or cancel one.`,
          { running: running.length },
        );
      const now = clock.now();
      const job: Job = {
        ...{ id: order.id ?? newId(now), kind: order.kind, state: 'running', progress: null, ahead: 0 },
        ...{ startedAt: now, endedAt: null, ownerId: order.ownerId, result: null, error: null },
      };
      const entry = entryOf(job, null);
      // Counted from this moment, so that two asked for at once do not both slip under the limit.
      entries.set(job.id, entry);
      try {
        await db.transaction().execute(async (trx) => {
          await table.insert(trx, job, order.lasting === true);
          await order.asked?.(trx, job);
        });
      } catch (error) {
        entries.delete(job.id);
        throw error;
      }
      begin(entry, order);
      return shown(entry);
    },
    interrupted: (kind) => [...cutOff.values()].filter((job) => job.kind === kind),
    resume(jobId, order) {
      const job = cutOff.get(jobId);
      if (!job) throw new Error(`job ${jobId} was not interrupted`);
      cutOff.delete(jobId);
      begin(entryOf(job, null), order);
    },
    get(id, ownerId) {
      const entry = own(id, ownerId);
      return entry && shown(entry);
    },
    list(ownerId) {
      forgetOld();
      return [...entries.values()]
        .filter(({ job }) => job.ownerId === ownerId)
        .map(shown)
        .reverse();
    },
    async cancel(id, ownerId) {
      const entry = own(id, ownerId);
      if (!entry) return undefined;
      entry.abort.abort();
      await entry.ended;
      return entry.job;
    },
    async stop() {
      stopping = true;
      for (const entry of entries.values()) entry.abort.abort();
      await Promise.all([...entries.values()].map((entry) => entry.ended));
    },
  };
}

const errorOf = ({ code, message, params }: AppError): NonNullable<Job['error']> => ({
  code,
  message,
  ...(Object.keys(params).length > 0 ? { params: { ...params } } : {}),
});
