import { existsSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import staticFiles from '@fastify/static';
import { z } from 'zod';
import { AppError } from '../base/errors.ts';
import type { Api } from './server.ts';

/** Vite names these files by their content: they may be kept for ever. */
const HASHED = `${sep}assets${sep}`;

/** Serves the built console from the hub's own origin. Any path that names no file opens the console itself. */
export async function serveConsole(app: Api, rendererDir: string): Promise<void> {
  const folder = resolve(rendererDir);
  await app.register(staticFiles, { root: folder, serve: false, cacheControl: false });
  // Public: the console is the same for everybody and holds no data.
  app.get(
    '/*',
    { config: { access: 'public' }, schema: { hide: true, params: z.object({ '*': z.string().max(500) }) } },
    async (request, reply) => {
      if (!existsSync(join(folder, 'index.html')))
        throw new AppError(
          'console-not-built',
          503,
          'The console is not built. Run "npm run build" and start the hub again.',
        );
      const wanted = resolve(folder, request.params['*']);
      const isFile = wanted.startsWith(folder + sep) && /\.[a-z0-9]{1,6}$/i.test(wanted);
      if (isFile && !existsSync(wanted)) throw new AppError('not-found', 404, 'There is no such file.');
      const file = isFile ? wanted : join(folder, 'index.html');
      reply.header(
        'cache-control',
        file.includes(HASHED) ? 'public, max-age=31536000, immutable' : 'no-cache',
      );
      return reply.sendFile(file.slice(folder.length + 1), folder);
    },
  );
}
