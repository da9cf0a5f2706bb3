import type { IncomingMessage, ServerResponse } from 'node:http';
import cookie from '@fastify/cookie';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import swagger from '@fastify/swagger';
import websocket from '@fastify/websocket';
import {
  type FastifyBaseLogger,
  type FastifyInstance,
  fastify,
  LogController,
  type RawServerDefault,
} from 'fastify';
import {
  hasZodFastifySchemaValidationErrors,
  jsonSchemaTransform,
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod';
import { AppError, isDiskFull, messageOf } from '../base/errors.ts';
import type { Logger } from '../base/logging.ts';
import { type DoorServices, installAccessHook } from './access-hook.ts';
import { installOriginHook, type OriginRules } from './origin-hook.ts';
import { sendProblem } from './problem.ts';

/** The server as routes see it: zod schemas at the door, types from them behind it. */
export type Api = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

export interface ServerOptions {
  log: Logger;
  door: DoorServices;
  origin: OriginRules;
  version: string;
  tls?: { cert: string; key: string };
}

/** Content of any kind comes from the hub itself; nothing inline, nothing foreign. Map tiles may be any https image. */
const CONTENT_SECURITY_POLICY = {
  useDefaults: false,
  directives: {
    'default-src': ["'none'"],
    'script-src': ["'self'"],
    'style-src': ["'self'", "'unsafe-inline'"],
    'img-src': ["'self'", 'data:', 'blob:', 'https:'],
    'font-src': ["'self'"],
    'connect-src': ["'self'"],
    'media-src': ["'self'", 'blob:'],
    'worker-src': ["'self'", 'blob:'],
    'manifest-src': ["'self'"],
    'base-uri': ["'none'"],
    'form-action': ["'self'"],
    'frame-ancestors': ["'none'"],
  },
};

/** Builds the HTTP server with its hooks; routes are registered by the caller, then `listen` is called. */
export async function createServer({ log, door, origin, version, tls }: ServerOptions): Promise<Api> {
  const app = fastify({
    loggerInstance: log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: 1024 * 1024,
    requestTimeout: 60_000,
    routerOptions: { maxParamLength: 200 },
    forceCloseConnections: true,
    ...(tls ? { https: tls } : {}),
  }).withTypeProvider<ZodTypeProvider>() as unknown as Api;

  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler((error, request, reply) => {
    if (error instanceof AppError) return sendProblem(reply, error);
    if (hasZodFastifySchemaValidationErrors(error)) {
      const first = error.validation[0];
      const where = first?.instancePath.replaceAll('/', '.').replace(/^\./, '') || 'request';
      // zod 4 tells of a missing field by these words alone.
      const why = first?.message?.endsWith('received undefined')
        ? 'is missing'
        : (first?.message ?? 'not valid');
      return sendProblem(reply, new AppError('bad-request', 400, `${where}: ${why}`, { where, why }));
    }
    const status = (error as { statusCode?: number }).statusCode ?? 500;
    if (status < 500)
      return sendProblem(
        reply,
        new AppError(status === 429 ? 'too-many-requests' : 'bad-request', status, messageOf(error)),
      );
    request.log.error({ err: error, route: request.routeOptions.url }, 'request failed');
    if (isDiskFull(error))
      return sendProblem(
        reply,
        new AppError(
          'hub-disk-full',
          507,
          "The hub's disk is full and nothing was changed. Make room on it.",
        ),
      );
    return sendProblem(
      reply,
      new AppError('internal', 500, 'The hub failed at this request. Its log says why.'),
    );
  });
  app.setNotFoundHandler((request, reply) =>
    sendProblem(
      reply,
      new AppError('not-found', 404, `There is nothing at ${request.url.split('?')[0]?.slice(0, 200)}.`),
    ),
  );

  await app.register(cookie);
  await app.register(helmet, {
    contentSecurityPolicy: CONTENT_SECURITY_POLICY,
    crossOriginEmbedderPolicy: false,
    hsts: tls !== undefined,
    referrerPolicy: { policy: 'no-referrer' },
  });
  await app.register(rateLimit, { global: false });
  await app.register(websocket, { options: { maxPayload: 64 * 1024 } });
  installOriginHook(app as unknown as FastifyInstance, origin);
  installAccessHook(app as unknown as FastifyInstance, door);
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Kalancha', version, description: 'Cameras and public Wi-Fi of a city' },
      components: { securitySchemes: { session: { type: 'apiKey', in: 'cookie', name: door.cookieName } } },
      security: [{ session: [] }],
    },
    transform: jsonSchemaTransform,
  });
  return app;
}
