/**
 * Threads for what Node does not do on its one: files of several disks, each of which may hang and hold its share
 * (`recording/disks/guarded-fs.ts`), names, passwords. Read by libuv when the first of them is needed, so programs
 * import this before anything else.
 */
const THREADS = '32';

process.env.UV_THREADPOOL_SIZE ??= THREADS;
