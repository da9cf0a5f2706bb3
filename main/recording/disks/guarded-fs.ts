import type { FootageFile, FootageFs } from './footage-fs.ts';

/** A disk did not answer in time. Its call may still be under way, and keeps one thread until it ends. */
export class DiskHung extends Error {
  readonly code = 'EHUNG';
  constructor(what: string, limitMs: number) {
    super(`EHUNG: the disk did not answer within ${limitMs / 1000} s, ${what}`);
    this.name = 'DiskHung';
  }
}

export interface Guard {
  readonly fs: FootageFs;
  /** Calls that outlived their time and have not ended yet. While there is one, every call fails at once. */
  stuck(): number;
}

export interface GuardOptions {
  /** A call that takes longer has hung. */
  limitMs: number;
  /**
   * Calls under way at a time, writing and reading each: a disk that hangs holds no more than these threads of
   * the pool which all disks share (`UV_THREADPOOL_SIZE`).
   */
  width: number;
  /** A file that was given up did not close well. */
  onLateError(error: unknown): void;
}

interface Waiting {
  start(): void;
  refuse(error: Error): void;
}

/**
 * Puts a time-out and a width of its own before a disk: one that hangs (a dead NFS server, a dying drive)
 * stalls nobody but itself. Reading has its own lane, so that an archive being watched does not hold up what
 * is being recorded.
 */
export function guardFs(inner: FootageFs, { limitMs, width, onLateError }: GuardOptions): Guard {
  let stuck = 0;
  const write = lane();
  const read = lane();

  function lane() {
    const waiting: Waiting[] = [];
    let running = 0;

    function next(): void {
      while (running < width) {
        const first = waiting.shift();
        if (!first) return;
        running += 1;
        first.start();
      }
    }

    return {
      refuseAll(error: Error) {
        for (const one of waiting.splice(0)) one.refuse(error);
      },
      /** `late` gets the result of a call that ended after it was given up. */
      run<T>(what: string, call: () => Promise<T>, late?: (result: T) => Promise<void>): Promise<T> {
        return new Promise<T>((resolve, reject) => {
          if (stuck > 0) return reject(new DiskHung(what, limitMs));
          waiting.push({
            refuse: reject,
            start() {
              let gaveUp = false;
              const timer = setTimeout(() => {
                gaveUp = true;
                stuck += 1;
                const hung = new DiskHung(what, limitMs);
                reject(hung);
                write.refuseAll(hung);
                read.refuseAll(hung);
              }, limitMs);
              timer.unref();
              call()
                .then(async (result) => {
                  resolve(result);
                  if (gaveUp) await late?.(result);
                }, reject)
                .catch(onLateError)
                .finally(() => {
                  clearTimeout(timer);
                  if (gaveUp) stuck -= 1;
                  running -= 1;
                  next();
                });
            },
          });
          next();
        });
      },
    };
  }

  function guardFile(file: FootageFile, use: typeof write): FootageFile {
    /** Settles when nothing is under way on this file, however long that takes. */
    let busy: Promise<unknown> = Promise.resolve();
    const run = <T>(what: string, call: () => Promise<T>): Promise<T> =>
      use.run(what, () => {
        const result = call();
        busy = result.catch(() => undefined);
        return result;
      });
    return {
      write: (pieces, at) => run('write', () => file.write(pieces, at)),
      read: (bytes, at) => run('read', () => file.read(bytes, at)),
      truncate: (size) => run('ftruncate', () => file.truncate(size)),
      datasync: () => run('fdatasync', () => file.datasync()),
      async close() {
        if (stuck === 0) return run('close', () => file.close());
        // The descriptor goes when the disk lets go of it; whoever gave the file up does not wait for that.
        void busy.then(() => file.close()).catch(onLateError);
      },
    };
  }

  const closeLate = (file: FootageFile): Promise<void> => file.close();
  return {
    stuck: () => stuck,
    fs: {
      makeFolder: (path) => write.run(`mkdir ${path}`, () => inner.makeFolder(path)),
      create: async (path) =>
        guardFile(await write.run(`create ${path}`, () => inner.create(path), closeLate), write),
      open: async (path, mode) => {
        const use = mode === 'read' ? read : write;
        return guardFile(await use.run(`open ${path}`, () => inner.open(path, mode), closeLate), use);
      },
      remove: (path) => write.run(`unlink ${path}`, () => inner.remove(path)),
      removeFolder: (path) => write.run(`rmdir ${path}`, () => inner.removeFolder(path)),
      list: (path) => read.run(`scandir ${path}`, () => inner.list(path)),
      syncFolder: (path) => write.run(`fsync ${path}`, () => inner.syncFolder(path)),
      facts: (path) => read.run(`stat ${path}`, () => inner.facts(path)),
      freeBytes: (path) => read.run(`statfs ${path}`, () => inner.freeBytes(path)),
    },
  };
}
