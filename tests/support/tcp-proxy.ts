import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A network in the way that a test cuts, freezes and slows. */
export interface TcpProxy {
  port: number;
  /** Every connection ends at once, as when a cable is pulled out of a switch that says so. New ones are let in. */
  cut(): void;
  /** Nothing passes any more and nothing is closed, as when a cable breaks far away. */
  freeze(): void;
  /** From the server at most so many bytes a second, until `thaw`. */
  slow(bytesPerSecond: number): void;
  thaw(): void;
  stop(): Promise<void>;
}

const SLICE_MS = 50;

/** Stands between clients and a server on loopback. */
export async function startTcpProxy(targetPort: number): Promise<TcpProxy> {
  const pairs = new Set<{ client: Socket; server: Socket; waiting: Buffer[] }>();
  let mode: 'pass' | 'freeze' | { bytesPerSecond: number } = 'pass';

  const pass = (from: Socket, to: Socket, chunk: Buffer): void => {
    if (!to.write(chunk)) {
      from.pause();
      to.once('drain', () => mode !== 'freeze' && from.resume());
    }
  };

  const proxy = createServer((client) => {
    const server = connect(targetPort, '127.0.0.1');
    const pair = { client, server, waiting: [] as Buffer[] };
    pairs.add(pair);
    client.on('data', (chunk: Buffer) => pass(client, server, chunk));
    server.on('data', (chunk: Buffer) => {
      if (typeof mode === 'object') {
        pair.waiting.push(chunk);
        server.pause();
      } else pass(server, client, chunk);
    });
    if (mode === 'freeze') {
      client.pause();
      server.pause();
    }
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      // An end by failure is what this is for: `close` follows and is passed on.
      one.on('error', () => undefined);
      one.on('close', () => {
        pairs.delete(pair);
        other.destroy();
      });
    }
  });

  const timer = setInterval(() => {
    if (typeof mode !== 'object') return;
    for (const { client, server, waiting } of pairs) {
      let room = (mode.bytesPerSecond * SLICE_MS) / 1000;
      for (let chunk = waiting[0]; chunk !== undefined && room > 0; chunk = waiting[0]) {
        const part = chunk.subarray(0, room);
        room -= part.length;
        if (part.length === chunk.length) waiting.shift();
        else waiting[0] = chunk.subarray(part.length);
        client.write(part);
      }
      if (waiting.length === 0) server.resume();
    }
  }, SLICE_MS);

  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const address = proxy.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port');
  return {
    port: address.port,
    cut() {
      for (const { client, server } of pairs) {
        client.destroy();
        server.destroy();
      }
    },
    freeze() {
      mode = 'freeze';
      for (const { client, server } of pairs) {
        client.pause();
        server.pause();
      }
    },
    slow(bytesPerSecond) {
      mode = { bytesPerSecond };
    },
    thaw() {
      mode = 'pass';
      for (const { client, server, waiting } of pairs) {
        for (const chunk of waiting.splice(0)) client.write(chunk);
        client.resume();
        server.resume();
      }
    },
    async stop() {
      clearInterval(timer);
      for (const { client, server } of pairs) {
        client.destroy();
        server.destroy();
      }
      await new Promise((resolve) => proxy.close(resolve));
    },
  };
}
