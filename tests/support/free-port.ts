import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below the ports that systems hand out by themselves (Linux from 32768, others from 49152). */
const FIRST = 20_000;
const PORTS = 12_000;

/**
 * A port that is free now and that no listener on port 0 and no outgoing connection is given: it stays free until it is
 * taken by its number, also while a server that had it is away.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST + randomInt(PORTS);
    if (await isFree(port)) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  } catch {
    return false;
  }
  await new Promise((resolve) => server.close(resolve));
  return true;
}
