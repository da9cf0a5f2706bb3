import { createServer } from 'node:net';

/**
 * `port` when it can be listened on at 127.0.0.1 now, else 0 for any. Somebody may take it in between: the hub then
 * says so like of any port that is taken.
 */
export function portIfFree(port: number): Promise<number> {
  if (port === 0) return Promise.resolve(0);
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(0));
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => probe.close(() => resolve(port)));
  });
}
