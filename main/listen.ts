import type { Api } from './api/server.ts';
import { AppError, messageOf } from './base/errors.ts';

/** Opens the door. Resolves to the port. @throws AppError `port-taken`, `cannot-listen` */
export async function listen(app: Api, host: string, port: number): Promise<number> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    if (code === 'EADDRINUSE')
      throw new AppError(
        'port-taken',
        500,
        `Port ${port} on ${host} is taken by another program. Choose another with --port (0 picks a free one).`,
        { port },
      );
    if (code === 'EACCES')
      throw new AppError(
        'port-forbidden',
        500,
        `Port ${port} needs more rights than this user has. Choose one above 1023 with --port.`,
        { port },
      );
    throw new AppError(
      'cannot-listen',
      500,
      `The hub cannot listen on ${host}:${port} (${messageOf(error)}). Check http.host and http.port.`,
      { host, port },
    );
  }
  const address = app.server.address();
  if (typeof address !== 'object' || address === null) throw new Error('listening without an address');
  return address.port;
}
