import type { Clock } from '../base/clock.ts';
import { messageOf } from '../base/errors.ts';
import type { Logger } from '../base/logging.ts';
import type { InboundMessage, MessageSink } from './types.ts';

const WAITING_LIMIT = 50_000;
/** What waits while nothing can be stored must not fill the memory, however long the messages are. */
const WAITING_LIMIT_BYTES = 64 * 1024 * 1024;
const BATCH_LIMIT = 5_000;
/** A batch becomes one row of text. */
const BATCH_LIMIT_BYTES = 8 * 1024 * 1024;
const RETRY_MS = 1_000;

interface Waiting {
  message: InboundMessage;
  done: (error?: Error) => void;
}

/** Holds acknowledgements until the messages behind them are stored, many at a time. */
export interface CommitGate {
  /** `done` is called once the message is stored and taken, or with an error when it will not be. */
  hold(message: InboundMessage, done: (error?: Error) => void): void;
  /** Stores what waits; then refuses everything. */
  stop(): Promise<void>;
}

/** `windowMs` is how long a batch is gathered; 0 stores at the next turn of the event loop. */
export function createCommitGate(options: {
  sink: MessageSink;
  clock: Clock;
  log: Logger;
  windowMs: number;
}): CommitGate {
  const { sink, clock, log, windowMs } = options;
  let waiting: Waiting[] = [];
  let waitingBytes = 0;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let failingSince: number | null = null;
  let stopped = false;

  function schedule(ms: number): void {
    timer ??= setTimeout(() => {
      timer = undefined;
      running ??= flush().finally(() => {
        running = undefined;
        if (waiting.length > 0 && !stopped) schedule(failingSince === null ? windowMs : RETRY_MS);
      });
    }, ms);
  }

  async function flush(): Promise<void> {
    const batch = nextBatch(waiting);
    if (batch.length === 0) return;
    try {
      const stored = await sink.store(batch.map((entry) => entry.message));
      waiting = waiting.slice(batch.length);
      for (const { message } of batch) waitingBytes -= message.payload.length;
      for (const entry of batch) sink.take(entry.message);
      stored.taken();
      if (failingSince !== null) {
        failingSince = null;
        sink.storing(null);
      }
      for (const entry of batch) entry.done();
    } catch (error) {
      if (failingSince === null) {
        failingSince = clock.now();
        log.error(
          { problem: messageOf(error) },
          'device messages cannot be stored; they stay unacknowledged',
        );
        sink.storing(failingSince);
      }
    }
  }

  return {
    hold(message, done) {
      if (stopped) done(new Error('the hub is stopping'));
      else if (waiting.length >= WAITING_LIMIT || waitingBytes >= WAITING_LIMIT_BYTES)
        done(new Error('the hub cannot store messages now'));
      else {
        waiting.push({ message, done });
        waitingBytes += message.payload.length;
        if (!running) schedule(windowMs);
      }
    },
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
      await flush();
      for (const entry of waiting) entry.done(new Error('the hub is stopping'));
      waiting = [];
    },
  };
}

/** The first of them, as many as one commit may take; at least one. */
function nextBatch(waiting: readonly Waiting[]): readonly Waiting[] {
  let bytes = 0;
  let count = 0;
  for (const { message } of waiting) {
    bytes += message.payload.length;
    if (count > 0 && (count === BATCH_LIMIT || bytes > BATCH_LIMIT_BYTES)) break;
    count += 1;
  }
  return waiting.slice(0, count);
}
