import { z } from 'zod';
import { AppError } from '../../base/errors.ts';
import { PublicInfo } from '../../contract/access.ts';
import { signInFirst } from '../problem.ts';
import type { Api } from '../server.ts';

export interface SystemServices {
  publicInfo(): PublicInfo;
  /** What keeps the hub from serving; empty when ready. */
  notReady(): string[];
  metrics(): Promise<{ contentType: string; text: string }>;
}

/** Probes, metrics, OpenAPI and what the sign-in page may know. */
export function systemRoutes(app: Api, { publicInfo, notReady, metrics }: SystemServices): void {
  // Public: process supervisors have no account; it tells nothing but that the process answers.
  app.get('/healthz', { config: { access: 'public' }, schema: { hide: true } }, async () => ({ ok: true }));

  // Public for the same reason.
  app.get('/readyz', { config: { access: 'public' }, schema: { hide: true } }, async (_request, reply) => {
    const missing = notReady();
    return reply.code(missing.length === 0 ? 200 : 503).send({ ready: missing.length === 0, missing });
  });

  // Public to this machine alone, where a scraper has no account; counts only, no names. Others sign in.
  app.get('/metrics', { config: { access: 'public' }, schema: { hide: true } }, async (request, reply) => {
    if (!isLocal(request.ip)) throw signInFirst();
    const { contentType, text } = await metrics();
    return reply.type(contentType).send(text);
  });

  // Public: describes the API, holds no data.
  app.get('/api/openapi.json', { config: { access: 'public' }, schema: { hide: true } }, async () =>
    app.swagger(),
  );

  // Public: the sign-in page is drawn from it.
  app.get(
    '/api/public',
    { config: { access: 'public' }, schema: { response: { 200: PublicInfo } } },
    async () => publicInfo(),
  );

  app.all(
    '/api/*',
    { config: { access: 'public' }, schema: { hide: true, params: z.object({ '*': z.string() }) } },
    async (request) => {
      throw new AppError('not-found', 404, `There is nothing at /api/${request.params['*'].slice(0, 100)}.`);
    },
  );
}

const isLocal = (address: string): boolean => /^(::ffff:)?127\.|^::1$/.test(address);
