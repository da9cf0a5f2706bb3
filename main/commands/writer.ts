import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import type { AuditEvent, AuditLog } from '../audit/types.ts';
import type { Clock } from '../base/clock.ts';
import { messageOf } from '../base/errors.ts';
import type { EventBus } from '../base/event-bus.ts';
import type { Logger } from '../base/logging.ts';
import type { HubEvents } from '../contract/hub-events.ts';
import type { Database } from '../storage/tables.ts';
import type { CommandStore } from './store.ts';
import type { DeviceCommand, Run } from './types.ts';

const WRITES_A_ROUND = 60;
const RETRY_MS = 1_000;

export interface Write {
  run?: Run;
  command?: DeviceCommand;
  /** The numbers of the run's devices: whoever sees one of them is told that the run changed. */
  about?: readonly number[];
  /** Put on record with it. */
  event?: AuditEvent;
  /** Called once all of it is stored. */
  after?: () => void;
}

/** Stores steps in the order in which they were taken, each with its entry in the log, many a transaction. */
export interface Writer {
  put(write: Write): void;
  /** Nothing waits. */
  idle(): boolean;
  /** UTC ms since when nothing can be stored; null while it can. */
  failingSince(): number | null;
  /** Tries again what could not be stored. */
  tick(): void;
  /** Waits until what waits is stored, or cannot be. */
  settle(): Promise<void>;
}

export function createWriter(options: {
  db: Kysely<Database>;
  store: CommandStore;
  audit: AuditLog;
  bus: EventBus<HubEvents>;
  clock: Clock;
  log: Logger;
}): Writer {
  const { db, store, audit, bus, clock, log } = options;
  let waiting: Write[] = [];
  let running: Promise<void> | undefined;
  let failingSince: number | null = null;
  let retryAt = Number.NEGATIVE_INFINITY;

  async function round(): Promise<void> {
    const batch = waiting.slice(0, WRITES_A_ROUND);
    await db.transaction().execute(async (trx) => {
      for (const { run, command, event } of batch) {
        if (run) await store.writeRun(trx, run);
        if (command) await store.write(trx, command);
        if (event) await audit.append(trx, event);
      }
    });
    waiting = waiting.slice(batch.length);
    if (failingSince !== null) log.info('steps of commands are stored again');
    failingSince = null;
    for (const { after } of batch) after?.();
    tell(batch);
  }

  function tell(batch: readonly Write[]): void {
    const changed = new Map<string, Set<number>>();
    for (const { run, command, about = [] } of batch) {
      const runId = run?.id ?? command?.runId;
      if (runId === undefined) continue;
      const nums = changed.get(runId) ?? new Set();
      if (command) nums.add(command.num);
      for (const num of about) nums.add(num);
      changed.set(runId, nums);
    }
    for (const [runId, nums] of changed) bus.emit('command.changed', { runId, nums: [...nums] });
  }

  async function drain(): Promise<void> {
    try {
      while (waiting.length > 0) {
        await round();
        // The database answers at once: without this nobody else had a turn until all is stored.
        await nextTurn();
      }
    } catch (error) {
      if (failingSince === null) log.error({ err: messageOf(error) }, 'steps of commands cannot be stored');
      failingSince ??= clock.now();
      retryAt = clock.monotonic() + RETRY_MS;
    } finally {
      running = undefined;
    }
  }

  function start(): void {
    if (running || waiting.length === 0 || clock.monotonic() < retryAt) return;
    running = Promise.resolve().then(drain);
  }

  return {
    put({ run, command, about, event, after }) {
      // As it is now: it may go on before it is stored.
      waiting.push({
        ...(run ? { run: { ...run } } : {}),
        ...(command ? { command: { ...command } } : {}),
        ...(about ? { about } : {}),
        ...(event ? { event } : {}),
        ...(after ? { after } : {}),
      });
      start();
    },
    idle: () => waiting.length === 0 && !running,
    failingSince: () => failingSince,
    tick: start,
    async settle() {
      retryAt = Number.NEGATIVE_INFINITY;
      start();
      while (running) await running;
    },
  };
}
