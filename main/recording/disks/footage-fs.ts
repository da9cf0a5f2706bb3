import { mkdir, open, readdir, rm, rmdir, stat, statfs } from 'node:fs/promises';

/** A file of footage that is open. Offsets and sizes are bytes. */
export interface FootageFile {
  /** Writes all of the pieces, one behind the other. */
  write(pieces: readonly Buffer[], at: number): Promise<void>;
  /** Fills `bytes` as far as the file reaches. @returns bytes read */
  read(bytes: Buffer, at: number): Promise<number>;
  truncate(size: number): Promise<void>;
  /** What was written survives a power cut from here on (`fdatasync`). The file's name does not: see `syncFolder`. */
  datasync(): Promise<void>;
  close(): Promise<void>;
}

export interface FileFacts {
  /** Number of the file system. */
  device: number;
  inode: number;
  bytes: number;
  folder: boolean;
}

/**
 * All that recording asks of a file system: so that a test can record the order of what is done, take a disk
 * away or let it hang, and so that each disk gets a time-out of its own.
 */
export interface FootageFs {
  /** Makes one folder. @returns false when it is there already */
  makeFolder(path: string): Promise<boolean>;
  /** A new file. @throws EEXIST when there is one: nothing is ever overwritten */
  create(path: string): Promise<FootageFile>;
  open(path: string, mode: 'read' | 'write'): Promise<FootageFile>;
  /** No error when it is gone already. */
  remove(path: string): Promise<void>;
  /** @throws ENOTEMPTY */
  removeFolder(path: string): Promise<void>;
  list(path: string): Promise<string[]>;
  /** Names made and removed in a folder survive a power cut from here on. */
  syncFolder(path: string): Promise<void>;
  facts(path: string): Promise<FileFacts>;
  /** Bytes free for us; null where the system does not tell (some network file systems). */
  freeBytes(path: string): Promise<number | null>;
}

/** The machine's file systems. */
export const systemFs: FootageFs = {
  makeFolder: (path) =>
    mkdir(path, { mode: 0o700 }).then(
      () => true,
      (error: NodeJS.ErrnoException) => {
        if (error.code === 'EEXIST') return false;
        throw error;
      },
    ),
  create: (path) => opened(path, 'wx'),
  open: (path, mode) => opened(path, mode === 'read' ? 'r' : 'r+'),
  remove: (path) => rm(path, { force: true }),
  removeFolder: (path) => rmdir(path),
  list: (path) => readdir(path),
  async syncFolder(path) {
    // Windows opens no folders and needs no such flush: NTFS keeps names in its journal.
    if (process.platform === 'win32') return;
    const handle = await open(path, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  },
  async facts(path) {
    const found = await stat(path);
    return { device: found.dev, inode: found.ino, bytes: found.size, folder: found.isDirectory() };
  },
  async freeBytes(path) {
    try {
      const disk = await statfs(path);
      return disk.bavail * disk.bsize;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOSYS') return null;
      throw error;
    }
  },
};

async function opened(path: string, flags: 'wx' | 'r' | 'r+'): Promise<FootageFile> {
  const handle = await open(path, flags, 0o600);
  return {
    async write(pieces, at) {
      let left = pieces;
      for (let done = at; left.length > 0; ) {
        const { bytesWritten } = await handle.writev(left, done);
        if (bytesWritten === 0) throw new Error('the disk took no more bytes');
        done += bytesWritten;
        left = behind(left, bytesWritten);
      }
    },
    async read(bytes, at) {
      let done = 0;
      while (done < bytes.length) {
        const { bytesRead } = await handle.read(bytes, done, bytes.length - done, at + done);
        if (bytesRead === 0) break;
        done += bytesRead;
      }
      return done;
    },
    truncate: (size) => handle.truncate(size),
    datasync: () => handle.datasync(),
    close: () => handle.close(),
  };
}

/** What is left of the pieces when so many bytes of them are written. */
function behind(pieces: readonly Buffer[], bytes: number): Buffer[] {
  const left: Buffer[] = [];
  let skip = bytes;
  for (const piece of pieces) {
    if (skip < piece.length) left.push(piece.subarray(skip));
    skip = Math.max(0, skip - piece.length);
  }
  return left;
}

/** A whole file. */
export async function readWhole(fs: FootageFs, path: string): Promise<Buffer> {
  const { bytes } = await fs.facts(path);
  const file = await fs.open(path, 'read');
  try {
    const buffer = Buffer.allocUnsafe(bytes);
    return buffer.subarray(0, await file.read(buffer, 0));
  } finally {
    await file.close();
  }
}
