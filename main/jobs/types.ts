import type { Transaction } from 'kysely';
import type { AppError } from '../base/errors.ts';
import type { Stoppable } from '../base/lifecycle.ts';
import type { Job } from '../contract/device.ts';
import type { Database } from '../storage/tables.ts';

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
  /** Its name, where whoever orders must know it before; else a new one is made. */
  id?: string;
  kind: Job['kind'];
  ownerId: string;
  /** Outlives the hub: cut off by a stop or a crash, it waits for `resume` at the next start. */
  lasting?: boolean;
  /** Done in a moment: waits only for others that are, not for long ones of its kind. */
  short?: boolean;
  /** Jobs of this kind that one person may have going on at once. */
  most?: number;
  run(context: JobContext): Promise<JobOutcome>;
  /** Stores what belongs to the job in the transaction that stores the job itself. */
  asked?(trx: Transaction<Database>, job: Job): Promise<void>;
  /** Stores what belongs to its end, however it ended, in the transaction that stores that. */
  ended?(trx: Transaction<Database>, job: Job): Promise<void>;
  /** Lets go of what the work needed; called once when the job ends, even if it was cancelled before it ran. */
  release?(): Promise<void>;
}

export interface Jobs extends Stoppable {
  /**
   * Stores a job and starts its work in the background; work of one kind waits for its turn, and people take turns.
   * @throws AppError `too-many-jobs`, `stopping`
   */
  start(order: JobOrder): Promise<Job>;
  /** Lasting jobs that the last run of the hub left unfinished; they wait until `resume`. */
  interrupted(kind: Job['kind']): Job[];
  /** Begins the work of an interrupted job anew, under its id. */
  resume(jobId: string, order: JobOrder): void;
  /** Undefined when there is no such job or it is another person's. */
  get(id: string, ownerId: string): Job | undefined;
  /** A person's jobs, newest first. */
  list(ownerId: string): Job[];
  /**
   * Asks a job to end; does nothing to one that has ended. Resolves once it has ended either way: work that was
   * done before it heard stays done.
   */
  cancel(id: string, ownerId: string): Promise<Job | undefined>;
  /** Ends everything that runs and waits for it: lasting work goes on at the next start, the rest is cancelled. */
  stop(): Promise<void>;
}
