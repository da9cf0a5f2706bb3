import type { Clock } from '../base/clock.ts';
import { AppError, messageOf } from '../base/errors.ts';
import type { EventBus } from '../base/event-bus.ts';
import { newId } from '../base/ids.ts';
import type { Stoppable } from '../base/lifecycle.ts';
import type { Logger } from '../base/logging.ts';
import type { Job } from '../contract/device.ts';
import type { HubEvents } from '../contract/hub-events.ts';

export interface JobContext {
  jobId: string;
  /** Aborted when the job is cancelled or the hub stops; the work throws then, having left nothing behind. */
  signal: AbortSignal;
  /** 0 to 1. */
  progress(share: number): void;
}

/** What finished work hands over. A result with `refused` is kept with a job that failed for that reason. */
export interface JobOutcome {
  result: Job['result'];
  refused: AppError | null;
}

export interface JobOrder {
  kind: Job['kind'];
  ownerId: string;
  run(context: JobContext): Promise<JobOutcome>;
  /** Lets go of what the work needed; called once when the job ends, even if it was cancelled before it ran. */
  release?(): Promise<void>;
}

export interface Jobs extends Stoppable {
  /** Starts work in the background; work of one kind waits for its turn. @throws AppError `too-many-jobs` */
  start(order: JobOrder): Job;
  /** Undefined when there is no such job or it is another person's. */
  get(id: string, ownerId: string): Job | undefined;
  /** A person's jobs, newest first. */
  list(ownerId: string): Job[];
  /**
   * Asks a job to end; does nothing to one that has ended. Resolves once it has ended either way: work that was
   * done before it heard stays done.
   */
  cancel(id: string, ownerId: string): Promise<Job | undefined>;
  /** Cancels everything that runs and waits for its end. */
  stop(): Promise<void>;
}

/** Ended jobs that are kept, of all people together, and for how long, ms. */
const KEPT = 100;
const KEPT_MS = 24 * 3_600_000;
/** Jobs of one person that may run or wait at once. */
const MOST_AT_ONCE = 3;
/** Shortest time between two tellings of progress, ms. */
const TELL_EVERY_MS = 250;

interface Entry {
  job: Job;
  readonly abort: AbortController;
  ended: Promise<void>;
  endedMono: number | null;
  toldMono: number;
}

/** Background work of people: each sees his own, may cancel it, and finds its result for a day. */
export function createJobs({
  clock,
  bus,
  log,
}: {
  clock: Clock;
  bus: EventBus<HubEvents>;
  log: Logger;
}): Jobs {
  const entries = new Map<string, Entry>();
  const lanes = new Map<Job['kind'], Promise<void>>();
  let stopping = false;

  const tell = (entry: Entry) => {
    entry.toldMono = clock.monotonic();
    bus.emit('job.changed', { jobId: entry.job.id, ownerId: entry.job.ownerId });
  };

  type Ending = Pick<Job, 'state' | 'error'> & Partial<Pick<Job, 'result' | 'progress'>>;
  const CANCELLED: Ending = { state: 'cancelled', error: null };

  const end = (entry: Entry, ending: Ending) => {
    entry.job = { ...entry.job, ...ending, endedAt: clock.now() };
    entry.endedMono = clock.monotonic();
    tell(entry);
  };

  const forgetOld = () => {
    const ended = [...entries.values()].filter((entry) => entry.endedMono !== null);
    for (const [index, entry] of ended.entries())
      if (ended.length - index > KEPT || clock.monotonic() - (entry.endedMono ?? 0) > KEPT_MS)
        entries.delete(entry.job.id);
  };

  const work = async (entry: Entry, order: JobOrder): Promise<Ending> => {
    const { signal } = entry.abort;
    if (signal.aborted) return CANCELLED;
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
        ? { state: 'failed', result, error: { code: refused.code, message: refused.message } }
        : { state: 'done', result, error: null, progress: 1 };
    } catch (error) {
      if (signal.aborted) return CANCELLED;
      if (error instanceof AppError)
        return { state: 'failed', error: { code: error.code, message: error.message } };
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
    end(entry, ending);
  };

  const own = (id: string, ownerId: string): Entry | undefined => {
    forgetOld();
    const entry = entries.get(id);
    return entry?.job.ownerId === ownerId ? entry : undefined;
  };

  return {
    start(order) {
      forgetOld();
      if (stopping) throw new AppError('stopping', 503, 'The hub is stopping. Try again when it is back.');
      const running = [...entries.values()].filter(
        (entry) => entry.endedMono === null && entry.job.ownerId === order.ownerId,
      );
      if (running.length >= MOST_AT_ONCE)
        throw new AppError(
          'too-many-jobs',
          429,
          `You have ${running.length} jobs running. Wait for one to end, or cancel one.`,
          { running: running.length },
        );
      const now = clock.now();
      const entry: Entry = {
        job: {
          id: newId(now),
          kind: order.kind,
          state: 'running',
          progress: null,
          startedAt: now,
          endedAt: null,
          ownerId: order.ownerId,
          result: null,
          error: null,
        },
        abort: new AbortController(),
        ended: Promise.resolve(),
        endedMono: null,
        toldMono: clock.monotonic(),
      };
      entries.set(entry.job.id, entry);
      entry.ended = (lanes.get(order.kind) ?? Promise.resolve()).then(() => run(entry, order));
      lanes.set(order.kind, entry.ended);
      return entry.job;
    },
    get: (id, ownerId) => own(id, ownerId)?.job,
    list(ownerId) {
      forgetOld();
      return [...entries.values()]
        .map((entry) => entry.job)
        .filter((job) => job.ownerId === ownerId)
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
