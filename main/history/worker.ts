import { statSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { systemClock } from '../base/clock.ts';
import { messageOf } from '../base/errors.ts';
import { openSqlite } from '../storage/open-sqlite.ts';
import { storageTrouble } from '../storage/storage-trouble.ts';
import { DAY_MS, PARTITIONS } from './blocks.ts';
import { chart } from './chart.ts';
import { compactOne, mergeParts, trimHistory } from './compaction.ts';
import { type HistoryTables, historyMigrations } from './history-db.ts';
import { createKeeper } from './keeper.ts';
import { preview } from './preview.ts';
import { type FromWorker, ToWorker, WorkerSettings } from './wire.ts';

const CARE_EVERY_MS = 1_000;
const FIGURES_EVERY_MS = 10_000;
/** About a city's reports of one round of packing; under a heavier load packing goes faster instead. */
const WAITING_LIMIT_BYTES = 56 * 1024 * 1024;

/** The history's own thread: its database is written, packed and read here, away from the hub's event loop. */
async function run(port: MessagePort, settings: WorkerSettings): Promise<void> {
  const { db, stop } = await openSqlite<HistoryTables>(
    settings.file,
    historyMigrations,
    settings.nativeBinding,
  );
  const tell = (message: FromWorker) => port.postMessage(message);
  const breathe = () => setImmediate();
  const keeper = createKeeper(db, breathe);
  const newest = await keeper.restore();
  let stopping = false;
  let caring: Promise<void> = Promise.resolve();
  let writing: Promise<void> = Promise.resolve();

  async function store({ id, samples, oldest }: Extract<ToWorker, { kind: 'samples' }>): Promise<void> {
    try {
      await keeper.append(id, samples, oldest);
      tell({ kind: 'stored', id });
      hurry();
    } catch (error) {
      tell({ kind: 'not-stored', id, trouble: storageTrouble(error) });
    }
  }

  async function draw(message: Extract<ToWorker, { kind: 'chart' }>): Promise<void> {
    const { id, request } = message;
    try {
      const oldest = systemClock.now() - settings.sampleDays * DAY_MS;
      tell({ kind: 'chart', id, answer: await chart(db, request, keeper.waiting(request.num), oldest) });
    } catch (error) {
      tell({ kind: 'no-answer', id, problem: messageOf(error) });
    }
  }

  async function foresee({ id, request }: Extract<ToWorker, { kind: 'preview' }>): Promise<void> {
    try {
      tell({ kind: 'preview', id, answer: await preview(db, request, breathe) });
    } catch (error) {
      tell({ kind: 'no-answer', id, problem: messageOf(error) });
    }
  }

  /** A trouble here loses nothing: what was not packed or merged is so at the next turn. */
  const care = (work: () => Promise<unknown>): void => {
    caring = caring.then(async () => {
      if (stopping) return;
      try {
        await work();
      } catch (error) {
        tell({ kind: 'trouble', problem: messageOf(error) });
      }
    });
  };
  let merged = -1;
  async function mergeSome(): Promise<void> {
    merged = await mergeParts(db, merged, breathe);
  }
  let hurrying = false;
  function hurry(): void {
    if (hurrying || keeper.waitingBytes() <= WAITING_LIMIT_BYTES) return;
    hurrying = true;
    care(async () => {
      hurrying = false;
      await keeper.packNext();
    });
  }
  const timers = [
    setInterval(() => care(() => keeper.packNext()), settings.packEveryMs / PARTITIONS),
    setInterval(() => care(() => compactOne(db, systemClock.now(), breathe)), CARE_EVERY_MS),
    setInterval(() => care(mergeSome), CARE_EVERY_MS),
    setInterval(() => care(() => trimHistory(db, systemClock.now(), settings)), CARE_EVERY_MS),
    setInterval(
      () =>
        tell({
          kind: 'figures',
          waitingBytes: keeper.waitingBytes(),
          fileBytes: statSync(settings.file).size,
        }),
      FIGURES_EVERY_MS,
    ),
  ];

  async function end(): Promise<void> {
    stopping = true;
    for (const timer of timers) clearInterval(timer);
    await writing;
    await caring;
    await stop();
    port.close();
  }

  port.on('message', (received: unknown) => {
    const message = ToWorker.parse(received);
    if (message.kind === 'samples') writing = writing.then(() => store(message));
    else if (message.kind === 'chart') void draw(message);
    else if (message.kind === 'preview') void foresee(message);
    else void end();
  });
  tell({ kind: 'ready', newest, restored: keeper.waitingBytes() });
}

if (!parentPort) throw new Error('the history keeper runs as a thread of the hub');
await run(parentPort, WorkerSettings.parse(workerData));
