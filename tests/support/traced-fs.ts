import type { FootageFile, FootageFs } from '../../main/recording/disks/footage-fs.ts';

/** What was asked of a file system. Files are numbered in the order in which they were made. */
export type Step =
  | { kind: 'folder' | 'remove' | 'remove-folder' | 'sync-folder'; path: string }
  | { kind: 'create'; path: string; file: number }
  | { kind: 'write'; file: number; at: number; bytes: Buffer }
  | { kind: 'truncate'; file: number; size: number }
  | { kind: 'sync'; file: number }
  /** A transaction is stored for good; the whole database after it. */
  | { kind: 'commit'; database: Buffer };

/** Steps as they began and ended; several may be under way at a time. */
export type TraceEvent = { moment: 'begun' | 'done'; step: Step };

export interface Trace {
  readonly events: TraceEvent[];
  begun(step: Step): void;
  done(step: Step): void;
}

export function createTrace(): Trace {
  const events: TraceEvent[] = [];
  return {
    events,
    begun: (step) => events.push({ moment: 'begun', step }),
    done: (step) => events.push({ moment: 'done', step }),
  };
}

/** A file system that writes down what is done to it. `leaveOut`: steps that are claimed to be done and are not. */
export function tracedFs(inner: FootageFs, trace: Trace, leaveOut: readonly Step['kind'][] = []): FootageFs {
  let files = 0;
  const numbers = new Map<string, number>();

  async function traced<T>(step: Step, call: () => Promise<T>): Promise<T> {
    if (leaveOut.includes(step.kind)) return call();
    trace.begun(step);
    const result = await call();
    trace.done(step);
    return result;
  }

  const file = (handle: FootageFile, number: number): FootageFile => ({
    ...handle,
    write: (pieces, at) =>
      traced({ kind: 'write', file: number, at, bytes: Buffer.concat(pieces) }, () =>
        handle.write(pieces, at),
      ),
    truncate: (size) => traced({ kind: 'truncate', file: number, size }, () => handle.truncate(size)),
    datasync: () => traced({ kind: 'sync', file: number }, () => handle.datasync()),
  });

  return {
    ...inner,
    makeFolder: async (path) => {
      const step: Step = { kind: 'folder', path };
      trace.begun(step);
      const made = await inner.makeFolder(path);
      if (made) trace.done(step);
      else
        trace.events.splice(
          trace.events.findIndex((event) => event.step === step),
          1,
        );
      return made;
    },
    async create(path) {
      const number = files++;
      numbers.set(path, number);
      const handle = await traced({ kind: 'create', path, file: number }, () => inner.create(path));
      return file(handle, number);
    },
    async open(path, mode) {
      const number = numbers.get(path);
      const handle = await inner.open(path, mode);
      if (mode === 'read') return handle;
      if (number === undefined) throw new Error(`${path} was made before the trace began`);
      return file(handle, number);
    },
    remove: (path) => traced({ kind: 'remove', path }, () => inner.remove(path)),
    removeFolder: (path) => traced({ kind: 'remove-folder', path }, () => inner.removeFolder(path)),
    syncFolder: (path) => traced({ kind: 'sync-folder', path }, () => inner.syncFolder(path)),
  };
}
