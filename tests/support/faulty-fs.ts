import type { FootageFile, FootageFs } from '../../main/recording/disks/footage-fs.ts';

type Fault = 'none' | 'hang' | 'EIO' | 'EROFS' | 'ENOSPC';

export interface FaultyFs {
  readonly fs: FootageFs;
  /** What calls that write below `folder` meet from now on; calls that hang end when the fault is `none` again. */
  set(folder: string, fault: Fault): void;
  /** Calls that hang just now. */
  hanging(): number;
}

/** A file system whose disks can be made to fail, a folder each. */
export function faultyFs(inner: FootageFs): FaultyFs {
  const faults = new Map<string, Fault>();
  let released = Promise.withResolvers<void>();
  let hanging = 0;

  async function may(path: string, writes: boolean): Promise<void> {
    const [, fault = 'none'] = [...faults].find(([folder]) => path.startsWith(folder)) ?? [];
    if (fault === 'none') return;
    if (fault === 'hang') {
      hanging += 1;
      await released.promise;
      hanging -= 1;
      return;
    }
    if (!writes && fault !== 'EIO') return;
    throw Object.assign(new Error(`${fault}: made to fail, ${path}`), { code: fault });
  }

  const guarded = (path: string, file: FootageFile): FootageFile => ({
    ...file,
    write: async (pieces, at) => {
      await may(path, true);
      await file.write(pieces, at);
    },
    truncate: async (size) => {
      await may(path, true);
      await file.truncate(size);
    },
    datasync: async () => {
      await may(path, true);
      await file.datasync();
    },
    read: async (bytes, at) => {
      await may(path, false);
      return file.read(bytes, at);
    },
  });
  /** The same call, after the fault had its say. */
  const after =
    <T>(writes: boolean, call: (path: string) => Promise<T>) =>
    async (path: string): Promise<T> => {
      await may(path, writes);
      return call(path);
    };

  return {
    fs: {
      makeFolder: after(true, inner.makeFolder),
      create: after(true, async (path) => guarded(path, await inner.create(path))),
      open: async (path, mode) => {
        await may(path, mode === 'write');
        return guarded(path, await inner.open(path, mode));
      },
      remove: after(true, inner.remove),
      removeFolder: after(true, inner.removeFolder),
      list: after(false, inner.list),
      syncFolder: after(true, inner.syncFolder),
      facts: after(false, inner.facts),
      freeBytes: after(false, inner.freeBytes),
    },
    set(folder, fault) {
      faults.set(folder, fault);
      if (fault !== 'none') return;
      released.resolve();
      released = Promise.withResolvers();
    },
    hanging: () => hanging,
  };
}
