import type { Clock } from '../base/clock.ts';
import { messageOf } from '../base/errors.ts';
import type { Logger } from '../base/logging.ts';
import { HealthStatuses } from '../contract/health.ts';
import { type Columns, known } from './columns.ts';
import { chunkOf, packContacts } from './contacts.ts';
import { STORED } from './evidence.ts';
import type { Quarantine } from './quarantine/quarantine.ts';
import { reasonAt } from './shown.ts';
import type { ChangeRow, EventRow, HealthStore, ResetRow, StateRow } from './store.ts';

/** Rows of one transaction: a burst of a whole city is stored in turns that leave the event loop room. */
const ROWS_A_ROUND = 2_000;
/** Blocks of contacts a round: 170,000 devices come round in half a minute. */
const CHUNKS_A_ROUND = 6;
const ROUND_MS = 1_000;

/** Keeps what must outlive the hub, and writes it about once a second. */
export interface Ledger {
  touched(num: number): void;
  contact(num: number): void;
  changed(num: number, at: number): void;
  event(row: EventRow): void;
  reset(row: ResetRow): void;
  /** Journal rows up to this one were taken into account. */
  journalTaken(id: number): void;
  /** Changes of a device that are not in the store yet, newest first. */
  pendingChanges(num: number): ChangeRow[];
  start(): void;
  /** Writes everything that waits. Throws when it cannot be stored. */
  flush(): Promise<void>;
  stop(): Promise<void>;
}

export function createLedger(options: {
  columns: Columns;
  store: HealthStore;
  quarantine: Pick<Quarantine, 'waiting' | 'written' | 'failed'>;
  clock: Clock;
  log: Logger;
  /** Whether those to whom messages were passed on have stored all that they were given so far. */
  settled(): Promise<boolean>;
  /** Until when the hub was able to hear devices, UTC ms; null while it is not. */
  aliveAt(): number | null;
  /** The older session in which a device is heard in vain now; null when it is not. */
  olderSession(num: number): number | null;
}): Ledger {
  const { columns, store, clock, log } = options;
  const dirtyStates = new Set<number>();
  const dirtyChunks = new Set<number>();
  const changes: ChangeRow[] = [];
  const events: EventRow[] = [];
  const resets: ResetRow[] = [];
  let journalSeen = 0;
  let journalDone = 0;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<boolean> | undefined;
  let failing = false;
  let stopped = false;

  function stateRow(num: number): StateRow {
    return {
      num,
      status: HealthStatuses[columns.status[num] ?? 0] ?? 'never-seen',
      reason: reasonAt(columns.reason[num]),
      since: known(columns.since[num]) ?? clock.now(),
      session: known(columns.session[num]),
      seq: known(columns.seq[num]),
      lastRxAt: known(columns.lastRxAt[num]),
      heartbeatMs: columns.heartbeatMs[num] ?? 0,
      flags: (columns.flags[num] ?? 0) & STORED,
      olderSession: options.olderSession(num),
    };
  }

  const take = (set: Set<number>, limit: number): number[] => {
    const taken: number[] = [];
    for (const item of set) {
      if (taken.length === limit) break;
      taken.push(item);
      set.delete(item);
    }
    return taken;
  };

  /** One transaction. True when more waits. */
  async function round(chunkLimit: number): Promise<boolean> {
    const states = take(dirtyStates, ROWS_A_ROUND);
    const chunks = take(dirtyChunks, chunkLimit);
    const refused = options.quarantine.waiting(ROWS_A_ROUND);
    const someChanges = changes.slice(0, ROWS_A_ROUND);
    const someEvents = events.slice(0, ROWS_A_ROUND);
    const someResets = resets.slice(0, ROWS_A_ROUND);
    // What was acknowledged stays in the journal until the others have it too.
    const upTo = journalSeen;
    const settled = upTo > journalDone && (await options.settled());
    const more =
      dirtyStates.size > 0 || [changes, events, resets].some((waiting) => waiting.length > ROWS_A_ROUND);
    try {
      await store.write({
        states: states.map(stateRow),
        changes: someChanges,
        events: someEvents,
        resets: someResets,
        quarantine: refused,
        contacts: chunks.map((chunk) => ({ chunk, data: packContacts(columns, chunk) })),
        aliveAt: options.aliveAt(),
        journalUpTo: more || !settled ? 0 : upTo,
      });
    } catch (error) {
      for (const num of states) dirtyStates.add(num);
      for (const chunk of chunks) dirtyChunks.add(chunk);
      options.quarantine.failed(refused);
      throw error;
    }
    options.quarantine.written(refused);
    if (settled && !more) journalDone = upTo;
    changes.splice(0, someChanges.length);
    events.splice(0, someEvents.length);
    resets.splice(0, someResets.length);
    return more || refused.sums.length === ROWS_A_ROUND || refused.details.length === ROWS_A_ROUND;
  }

  function exclusive(chunkLimit: number): Promise<boolean> {
    const before = running ?? Promise.resolve(false);
    const mine = before.then(
      () => round(chunkLimit),
      () => round(chunkLimit),
    );
    running = mine;
    const clear = () => {
      if (running === mine) running = undefined;
    };
    mine.then(clear, clear);
    return mine;
  }

  async function turn(): Promise<void> {
    let more = false;
    try {
      more = await exclusive(CHUNKS_A_ROUND);
      if (failing) log.info('device states are stored again');
      failing = false;
    } catch (error) {
      if (!failing) log.error({ problem: messageOf(error) }, 'device states cannot be stored');
      failing = true;
    }
    if (!stopped) timer = setTimeout(() => void turn(), more ? 20 : ROUND_MS);
  }

  async function flush(): Promise<void> {
    while (await exclusive(Number.POSITIVE_INFINITY));
  }

  return {
    touched: (num) => void dirtyStates.add(num),
    contact: (num) => void dirtyChunks.add(chunkOf(num)),
    changed(num, at) {
      const row = stateRow(num);
      const base = HealthStatuses[columns.base[num] ?? 0] ?? 'never-seen';
      changes.push({ num, at, status: row.status, reason: row.reason, base });
      dirtyStates.add(num);
    },
    event: (row) => void events.push(row),
    reset: (row) => void resets.push(row),
    journalTaken(id) {
      journalSeen = Math.max(journalSeen, id);
    },
    pendingChanges: (num) => changes.filter((change) => change.num === num).reverse(),
    start() {
      timer = setTimeout(() => void turn(), ROUND_MS);
    },
    flush,
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await flush();
    },
  };
}
