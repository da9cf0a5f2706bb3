import { messageOf } from '../base/errors.ts';
import type { EventBus } from '../base/event-bus.ts';
import type { Logger } from '../base/logging.ts';
import type { HubEvents } from '../contract/hub-events.ts';
import type { FileIndex } from './file-index.ts';
import { bytesOf, type FileRow } from './file-row.ts';

/** Rows of all cameras are stored together: one commit (one fsync) a second, however many cameras. */
const BATCH_MS = 1_000;

export interface IndexQueue {
  /** The row's bytes are on the disk for good; store the row, replacing what was queued for the same file. */
  put(row: FileRow): void;
  /** Stores what is queued. Does not throw: what could not be stored stays queued and is tried again. */
  flush(): Promise<void>;
  /** Why rows cannot be stored just now. */
  problem(): string | null;
  stop(): Promise<void>;
}

/** `onBytes` is told how much footage each stored row adds. */
export function createIndexQueue(
  index: FileIndex,
  bus: EventBus<HubEvents>,
  log: Logger,
  onBytes: (disk: number, added: number) => void,
): IndexQueue {
  let queued = new Map<string, FileRow>();
  const told = new Map<string, number>();
  let timer: NodeJS.Timeout | undefined;
  let flushing: Promise<void> = Promise.resolve();
  let problem: string | null = null;

  function schedule(): void {
    timer ??= setTimeout(() => {
      timer = undefined;
      void flush();
    }, BATCH_MS);
  }

  function flush(): Promise<void> {
    flushing = flushing.then(save);
    return flushing;
  }

  async function save(): Promise<void> {
    if (queued.size === 0) return;
    const rows = queued;
    queued = new Map();
    try {
      await index.save([...rows.values()]);
      problem = null;
    } catch (error) {
      if (isConstraint(error) && rows.size > 1) {
        // One row that can never be stored must not keep all others out: each on its own, then.
        for (const row of rows.values()) await saveOne(row);
        return;
      }
      if (isConstraint(error)) {
        drop([...rows.values()], error);
        return;
      }
      if (problem === null) log.error({ err: messageOf(error) }, 'recorded segments cannot be indexed yet');
      problem = messageOf(error);
      queued = new Map([...rows, ...queued]);
      schedule();
      return;
    }
    for (const row of rows.values()) tell(row);
  }

  async function saveOne(row: FileRow): Promise<void> {
    try {
      await index.save([row]);
      tell(row);
    } catch (error) {
      if (isConstraint(error)) drop([row], error);
      else put(row);
    }
  }

  /** The file stays and is looked at again at the next start. */
  function drop(rows: readonly FileRow[], error: unknown): void {
    for (const { path } of rows)
      log.error({ path, err: messageOf(error) }, 'a recording file contradicts the index');
  }

  function put(row: FileRow): void {
    queued.set(row.path, row);
    schedule();
  }

  function tell(row: FileRow): void {
    const from = told.get(row.path) ?? 0;
    onBytes(row.disk, bytesOf(row) - bytesOf({ ...row, entries: row.entries.slice(0, from) }));
    row.entries.slice(from).forEach((entry, i) => {
      const start = row.startMs + entry.startUs / 1000;
      bus.emit('recording.written', {
        cameraId: row.cameraId,
        track: row.track,
        segmentId: String(row.firstMsn + from + i),
        from: Math.round(start),
        to: Math.round(start + entry.durationUs / 1000),
      });
    });
    if (row.state === 'closed') told.delete(row.path);
    else told.set(row.path, row.entries.length);
  }

  return {
    put,
    flush,
    problem: () => problem,
    async stop() {
      if (timer) clearTimeout(timer);
      await flush();
      if (timer) clearTimeout(timer);
    },
  };
}

const isConstraint = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_CONSTRAINT');
