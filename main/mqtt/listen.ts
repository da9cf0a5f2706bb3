import type { Server } from 'node:net';
import { AppError } from '../base/errors.ts';

/** Connections that the system completes while we are busy: a whole city comes back at once. */
const BACKLOG = 4_096;

/**
 * Opens the port; 0 picks a free one.
 * @returns the port
 * @throws AppError `mqtt-port-taken`, `mqtt-cannot-listen`
 */
export function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new AppError(
              'mqtt-port-taken',
              500,
              `Port ${port} on ${host} is taken by another program. Stop it, or give another --mqtt-port (0 picks a free one).`,
              { host, port },
              { cause: error },
            )
          : new AppError(
              'mqtt-cannot-listen',
              500,
              `The MQTT broker cannot listen on ${host}:${port} (${error.message}). Give another host or --mqtt-port.`,
              { host, port },
              { cause: error },
            ),
      );
    server.once('error', failed);
    server.listen({ port, host, backlog: BACKLOG }, () => {
      server.removeListener('error', failed);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}
