import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';
import type { Clock } from '../base/clock.ts';
import { AppError, messageOf } from '../base/errors.ts';
import type { Logger } from '../base/logging.ts';
import { type Trouble, troubleOf } from '../contract/trouble.ts';
import { storageTrouble } from '../storage/storage-trouble.ts';
import type { ChartAnswer, ChartRequest } from './chart.ts';
import type { PreviewAnswer, PreviewRequest } from './preview.ts';
import { type Answer, createQuestions, startingAnew } from './questions.ts';
import { createSampleWriter, type Sample } from './samples.ts';
import { type Batch, createUnstored } from './unstored.ts';
import { FromWorker, type ToWorker, type WorkerSettings } from './wire.ts';

/** Samples are handed to the thread this often. */
const BATCH_MS = 50;
/** What may wait for a disk that takes nothing; beyond it the oldest is given up and counted. */
const MAX_UNSTORED_BYTES = 64 * 1024 * 1024;
const RESEND_MS = 5_000;
/** A thread that says nothing of a batch for so long sits before a disk that hangs, ms. */
const SILENT_MS = 30_000;
const CHART_TIMEOUT_MS = 10_000;
const PREVIEW_TIMEOUT_MS = 60_000;
const TROUBLE_TOLD_MS = 60_000;
const PACK_EVERY_MS = 600_000;
/** Half of what the hub's own young generation has: what the thread makes is read once and gone. */
const SEMI_SPACE_MB = 4;

export interface HistoryOptions {
  dataDir: string;
  /** The thread's program. */
  workerFile: string | URL;
  nativeBinding?: string;
  sampleDays: number;
  aggregateDays: number;
  packEveryMs?: number;
  /** What may wait while nothing is stored. */
  mostUnstoredBytes?: number;
  /** How long after a failure it is tried again, ms. */
  resendMs?: number;
  clock: Clock;
  log: Logger;
  /** Told when `state()` says something else of what fails or is lost. */
  changed?: () => void;
}

export interface History {
  /** Takes one report's values. Never throws, never waits. */
  sample(sample: Sample): void;
  /** Whether all taken so far is stored, asked for at most `ms` milliseconds long. */
  storedWithin(ms: number): Promise<boolean>;
  /** @throws AppError `history-failed`, `history-busy` */
  chart(request: ChartRequest): Promise<ChartAnswer>;
  /** What a threshold would have raised. @throws AppError `history-failed`, `history-busy` */
  preview(request: PreviewRequest): Promise<PreviewAnswer>;
  state(): HistoryState;
  stop(): Promise<void>;
}

export interface HistoryState {
  /** UTC ms since when nothing is stored; null while all is well. */
  failingSince: number | null;
  /** What was said of it, without the folders. */
  problem: Trouble | null;
  /** Batches that could not be kept since the start. */
  lostBatches: number;
  unstoredBytes: number;
  fileBytes: number | null;
}

const unexpected = (): never => {
  throw new AppError('history-failed', 500, 'The history answered something else than it was asked.');
};

/**
 * The hub's side of the history: collects samples, hands them to the thread that keeps them, and asks it for
 * charts. A batch stays here until the thread says that it is stored; a thread that dies is started again and gets
 * what it did not confirm once more.
 * @throws AppError `history-failed` when the thread does not start
 */
export async function createHistory(options: HistoryOptions): Promise<History> {
  const { clock, log } = options;
  const folder = join(options.dataDir, 'history');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const settings: WorkerSettings = {
    file: join(folder, 'history.db'),
    ...(options.nativeBinding === undefined ? {} : { nativeBinding: options.nativeBinding }),
    sampleDays: options.sampleDays,
    aggregateDays: options.aggregateDays,
    packEveryMs: options.packEveryMs ?? PACK_EVERY_MS,
  };
  const writer = createSampleWriter();
  const unstored = createUnstored();
  const questions = createQuestions();
  let nextBatch = 1;
  let stopping = false;
  let retry: NodeJS.Timeout | undefined;
  let silent = false;
  let troubleFrom = Number.NEGATIVE_INFINITY;
  const state: HistoryState = {
    failingSince: null,
    problem: null,
    lostBatches: 0,
    unstoredBytes: 0,
    fileBytes: null,
  };

  const changed = options.changed ?? (() => undefined);
  const mostUnstoredBytes = options.mostUnstoredBytes ?? MAX_UNSTORED_BYTES;
  const resendMs = options.resendMs ?? RESEND_MS;

  function failing(trouble: Trouble, since = clock.now()): void {
    if (state.failingSince === null) log.error({ problem: trouble.text }, 'the history cannot be stored');
    // Everybody may read it: where the data lies is for the log.
    const text = trouble.text.replaceAll(folder, '…');
    if (state.failingSince !== null && state.problem?.text === text) return;
    state.failingSince ??= since;
    state.problem = { ...trouble, text };
    changed();
  }

  /** Tried again every few seconds: told once a minute, lest the log fill the disk that is full already. */
  function troubled(problem: string): void {
    const at = clock.monotonic();
    if (at < troubleFrom) return;
    troubleFrom = at + TROUBLE_TOLD_MS;
    log.error({ problem }, 'the history could not be packed; it is tried again');
  }

  function well(): void {
    if (state.failingSince === null) return;
    log.info({ lostBatches: state.lostBatches }, 'the history is stored again');
    state.failingSince = null;
    state.problem = null;
    changed();
  }

  /** Gives up what is more than may wait. */
  function makeRoom(): void {
    const lost = unstored.giveUpBeyond(mostUnstoredBytes);
    if (lost === 0) return;
    if (state.lostBatches === 0) log.error('what waits for the history is too much: the oldest is given up');
    state.lostBatches += lost;
    changed();
  }

  /** A thread that does not answer is handed nothing more: what it was handed lies in memory beside what waits here. */
  function lookForSilence(): void {
    const waited = clock.monotonic() - (unstored.oldest()?.madeAt ?? Number.POSITIVE_INFINITY);
    if (waited < SILENT_MS || state.failingSince !== null) return;
    silent = true;
    failing(troubleOf('disk-hung', 'its disk does not answer'), Math.round(clock.now() - waited));
  }

  const send = (thread: Worker, message: ToWorker) => thread.postMessage(message);
  const hand = (thread: Worker, { id, samples }: Batch): void =>
    send(thread, { kind: 'samples', id, samples, oldest: id === unstored.oldest()?.id });
  function tryAgain(): void {
    retry ??= setTimeout(() => {
      retry = undefined;
      // It may have died meanwhile.
      if (worker) resend(worker);
      else void restart();
    }, resendMs);
  }
  function resend(thread: Worker): void {
    silent = false;
    for (const batch of unstored.all()) hand(thread, batch);
  }

  function onMessage(received: unknown): void {
    const message = FromWorker.parse(received);
    switch (message.kind) {
      case 'ready':
        return;
      case 'stored':
        unstored.stored(message.id);
        well();
        if (silent && worker) resend(worker);
        return;
      case 'not-stored':
        // The others are refused because the oldest is.
        if (message.id === unstored.oldest()?.id || state.failingSince === null) failing(message.trouble);
        tryAgain();
        return;
      case 'chart':
      case 'preview':
        questions.answered(message);
        return;
      case 'no-answer':
        questions.failed(message.id, message.problem);
        return;
      case 'figures':
        state.fileBytes = message.fileBytes;
        return;
      case 'trouble':
        troubled(message.problem);
    }
  }

  function startThread(): Promise<{ thread: Worker; newest: number }> {
    // The hub's own flag would override `resourceLimits` of its threads. Heaps that are there keep what they have.
    setFlagsFromString(`--max-semi-space-size=${SEMI_SPACE_MB}`);
    const thread = new Worker(options.workerFile, { workerData: settings, name: 'history' });
    return new Promise((resolve, reject) => {
      thread.once('error', reject);
      thread.once('exit', () => reject(new Error('the history thread ended while it started')));
      thread.once('message', (received: unknown) => {
        const first = FromWorker.parse(received);
        if (first.kind !== 'ready') return;
        thread.removeAllListeners('error');
        thread.removeAllListeners('exit');
        thread.on('message', onMessage);
        thread.on('error', (error) => died(thread, storageTrouble(error)));
        thread.on('exit', () => died(thread, troubleOf('thread-ended', 'its thread ended')));
        resolve({ thread, newest: first.newest });
      });
    });
  }

  function died(thread: Worker, trouble: Trouble): void {
    if (stopping || worker !== thread) return;
    worker = undefined;
    failing(trouble);
    questions.dropAll();
    tryAgain();
  }

  async function restart(): Promise<void> {
    try {
      const started = await startThread();
      if (stopping) {
        await started.thread.terminate();
        return;
      }
      worker = started.thread;
      if (unstored.oldest()) resend(worker);
      else well();
    } catch (error) {
      failing(storageTrouble(error));
      if (!stopping) tryAgain();
    }
  }

  function flush(): void {
    if (writer.count() === 0) return;
    const batch = { id: nextBatch, samples: writer.take(), madeAt: clock.monotonic() };
    nextBatch += 1;
    unstored.add(batch);
    if (worker && retry === undefined && !silent) hand(worker, batch);
    makeRoom();
  }

  function ask(timeoutMs: number, question: (id: number) => ToWorker): Promise<Answer> {
    const thread = worker;
    if (!thread) return Promise.reject(startingAnew());
    return questions.ask(timeoutMs, question, (asked) => send(thread, asked));
  }

  const first = await startThread().catch((error: unknown) => {
    throw new AppError(
      'history-failed',
      500,
      `The history in ${folder} cannot be opened (${messageOf(error)}). Mend or move that folder away, then start again.`,
      { folder },
      { cause: error },
    );
  });
  let worker: Worker | undefined = first.thread;
  nextBatch = first.newest + 1;
  const timer = setInterval(() => {
    flush();
    lookForSilence();
  }, BATCH_MS);

  return {
    sample: (sample) => writer.add(sample),
    storedWithin(ms) {
      flush();
      return unstored.storedWithin(nextBatch - 1, ms);
    },
    chart(request) {
      flush();
      return ask(CHART_TIMEOUT_MS, (id) => ({
        ...{ kind: 'chart', id, request: { ...request, metrics: [...request.metrics] } },
      })).then((answer) => (answer.kind === 'chart' ? answer.answer : unexpected()));
    },
    preview: (request) =>
      ask(PREVIEW_TIMEOUT_MS, (id) => ({
        ...{ kind: 'preview', id, request: { ...request, nums: [...request.nums] } },
      })).then((answer) => (answer.kind === 'preview' ? answer.answer : unexpected())),
    state: () => ({ ...state, unstoredBytes: unstored.bytes() }),
    async stop() {
      clearInterval(timer);
      flush();
      stopping = true;
      clearTimeout(retry);
      unstored.stopWaiting();
      questions.dropAll();
      const thread = worker;
      if (!thread) return;
      const ended = new Promise((resolve) => thread.once('exit', resolve));
      send(thread, { kind: 'stop' });
      await ended;
    },
  };
}
