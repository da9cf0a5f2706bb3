import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { Readable } from 'node:stream';

/** What nobody waits for is looked after this often, a tenth of the cameras each time. */
const STEP_MS = 43;
/**
 * Steps between two readings of one pipe; with the step unlike the usual distances of frames, so that its phase
 * wanders and times stay true.
 */
const MOST_STEPS = 10;
/** A pipe is read before it holds more: a child that finds it full stands still. */
const FULL_BYTES = 96 * 1024;
/** More than a system's pipe holds: one reading takes all that is there. */
const SHARED_BYTES = 512 * 1024;
const TOKEN_BYTES = 32;
/** A connection that says nothing is not ours. */
const TOKEN_MS = 5_000;

/** A pipe from a child's output into this process. */
export interface OutputPipe {
  /** For `stdio`. */
  readonly stdio: Socket | 'pipe';
  /** The child has its end, if it could be started; `index` is its place in `stdio`. */
  handedOver(child: ChildProcess, index: number): void;
  /**
   * Is what comes read at once, or a few times a second? At once, at first. Whoever turns it on finds all handed on
   * that was there already, but for a call from inside an `onData`: that comes with the next turn of the event loop.
   */
  eager(on: boolean): void;
  /** Resolves when all that the child wrote was handed on. */
  readonly ended: Promise<void>;
  close(): void;
}

export interface OutputPipes {
  /** `onData` gets bytes that are overwritten as soon as it returns. */
  open(onData: (chunk: Buffer) => void): Promise<OutputPipe>;
  stop(): Promise<void>;
}

/**
 * Pipes that are read into one piece of memory which all of them share. Node's own pipes make a buffer of 64 KB for
 * each reading, which for a hundred cameras is most of the garbage there is; and each write of a child wakes the
 * process, though where nobody watches two readings a second are as good as fifty. On Linux they are pairs of
 * sockets, made by a listener without a name in the file system, which knows its own by a secret; elsewhere they are
 * Node's own.
 */
export function createOutputPipes(): OutputPipes {
  const shared = Buffer.allocUnsafeSlow(SHARED_BYTES);
  const path = `\0kalancha-${randomBytes(16).toString('hex')}`;
  const awaited = new Map<string, (childEnd: Socket) => void>();
  const lazy = new Set<Lazy>();
  let listening: Promise<Server> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let placed = 0;
  /** What the shared memory holds is being handed on: no other reading may overwrite it. */
  let handing = false;

  function step(): void {
    for (const pipe of lazy) {
      pipe.wait -= 1;
      if (pipe.wait > 0) continue;
      const bytes = pipe.read();
      pipe.wait =
        bytes > FULL_BYTES ? Math.max(1, Math.floor((MOST_STEPS * FULL_BYTES) / bytes)) : MOST_STEPS;
    }
    if (lazy.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  }

  function accept(socket: Socket): void {
    const strange = () => socket.destroy();
    socket.setTimeout(TOKEN_MS, strange);
    socket.on('error', strange);
    socket.once('data', (said: Buffer) => {
      socket.setTimeout(0);
      socket.pause();
      const token = said.toString('hex');
      const known = awaited.get(token);
      awaited.delete(token);
      if (known) known(socket);
      else strange();
    });
  }

  const listen = (): Promise<Server> =>
    new Promise((resolve, reject) => {
      const server = createServer(accept);
      server.once('error', reject);
      server.listen(path, () => resolve(server));
      server.unref();
    });

  async function pair(onData: (chunk: Buffer) => void): Promise<OutputPipe> {
    listening ??= listen();
    await listening;
    let eager = true;
    const hand = (bytes: number): void => {
      handing = true;
      try {
        onData(shared.subarray(0, bytes));
      } finally {
        handing = false;
      }
    };
    const token = randomBytes(TOKEN_BYTES);
    const told = Promise.withResolvers<Socket>();
    awaited.set(token.toString('hex'), told.resolve);
    const socket = connect({
      path,
      onread: {
        buffer: shared,
        callback(bytes) {
          hand(bytes);
          // What fills the memory is not all there is.
          return eager || bytes === shared.length;
        },
      },
    });
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    const failed = new Promise<never>((_resolve, reject) => socket.once('error', reject));
    // Later errors say nothing that the end of the child does not say better.
    failed.catch(() => undefined);
    socket.write(token);
    const childEnd = await Promise.race([told.promise, failed]).finally(() =>
      awaited.delete(token.toString('hex')),
    );
    placed += 1;
    const mine: Lazy = {
      wait: 1 + (placed % MOST_STEPS),
      read: () => readNow(socket, shared, hand),
    };
    const ended = closed.finally(() => lazy.delete(mine));
    return {
      stdio: childEnd,
      handedOver: () => void childEnd.destroy(),
      eager(on) {
        if (eager === on || socket.destroyed) return;
        eager = on;
        if (on) {
          lazy.delete(mine);
          if (!handing) mine.read();
          socket.resume();
          return;
        }
        lazy.add(mine);
        timer ??= setInterval(step, STEP_MS);
        timer.unref();
      },
      ended,
      close() {
        childEnd.destroy();
        socket.destroy();
      },
    };
  }

  return {
    open: (onData) => (process.platform === 'linux' ? pair(onData) : Promise.resolve(plainPipe(onData))),
    async stop() {
      clearInterval(timer);
      const server = await listening;
      if (server) await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A pipe that nobody waits for. */
interface Lazy {
  /** Steps until it is read. */
  wait: number;
  /** @returns bytes taken */
  read(): number;
}

/**
 * Takes what is there without asking the event loop: it would be woken by the next write although nobody waits for
 * it. Needs the socket's descriptor, which Node does not promise to tell; without one the loop is asked once.
 * @returns bytes taken, as far as is known
 */
function readNow(socket: Socket, shared: Buffer, hand: (bytes: number) => void): number {
  const fd = descriptorOf(socket);
  let bytes = 0;
  if (fd !== undefined)
    try {
      bytes = readSync(fd, shared);
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EAGAIN') return 0;
    }
  if (bytes > 0) hand(bytes);
  // Its end, or an error, is the socket's own to tell.
  else socket.resume();
  return bytes;
}

function descriptorOf(socket: Socket): number | undefined {
  if (socket.destroyed || !('_handle' in socket)) return undefined;
  const { _handle: handle } = socket;
  const fd = typeof handle === 'object' && handle !== null && 'fd' in handle ? handle.fd : undefined;
  return typeof fd === 'number' && fd >= 0 ? fd : undefined;
}

/** As Node makes it. */
function plainPipe(onData: (chunk: Buffer) => void): OutputPipe {
  const ended = Promise.withResolvers<void>();
  let stream: Readable | undefined;
  return {
    stdio: 'pipe',
    handedOver(child, index) {
      const pipe = child.stdio[index];
      if (!(pipe instanceof Readable)) {
        ended.resolve();
        return;
      }
      stream = pipe;
      pipe.on('data', onData);
      pipe.on('close', () => ended.resolve());
      // A pipe that breaks as the child is killed says nothing that its exit does not say better.
      pipe.on('error', () => pipe.destroy());
    },
    eager: () => undefined,
    ended: ended.promise,
    close() {
      stream?.destroy();
      ended.resolve();
    },
  };
}
