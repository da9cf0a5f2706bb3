import { z } from 'zod';
import type { SignInService } from '../../access/sign-in.ts';
import type { AccessGate } from '../../access/types.ts';
import { PasswordChange, SessionInfo, SignIn } from '../../contract/access.ts';
import type { Api } from '../server.ts';

export interface SessionServices {
  signIn: SignInService;
  gate: AccessGate;
  /** Names the hub: browsers send cookies to every port of a host. */
  cookieName: string;
  /** Whether the hub is reached by TLS; the cookie then never goes without it. */
  secure: boolean;
}

/** Signing in and out, and one's own password. */
export function sessionRoutes(app: Api, { signIn, gate, cookieName, secure }: SessionServices): void {
  const cookie = { httpOnly: true, sameSite: 'strict', path: '/', secure } as const;

  // Public: it is the way in. Guessing is throttled by the service.
  app.post(
    '/api/session',
    {
      config: { access: 'public' },
      bodyLimit: 4096,
      schema: { body: SignIn, response: { 200: SessionInfo } },
    },
    async (request, reply) => {
      const { token, viewer, expiresAt } = await signIn.signIn(
        request.body,
        request.ip,
        request.cookies[cookieName],
      );
      reply.setCookie(cookieName, token, { ...cookie, expires: new Date(expiresAt) });
      reply.header('cache-control', 'no-store');
      return gate.info(viewer);
    },
  );

  app.get(
    '/api/session',
    { config: { access: 'signed-in' }, schema: { response: { 200: SessionInfo } } },
    async (request, reply) => {
      reply.header('cache-control', 'no-store');
      return gate.info(request.viewer);
    },
  );

  app.delete(
    '/api/session',
    { config: { access: 'signed-in' }, schema: { response: { 204: z.null() } } },
    async (request, reply) => {
      await signIn.signOut(request.viewer);
      return reply.clearCookie(cookieName, cookie).code(204).send(null);
    },
  );

  app.put(
    '/api/session/password',
    {
      config: { access: 'signed-in' },
      bodyLimit: 4096,
      schema: { body: PasswordChange, response: { 204: z.null() } },
    },
    async (request, reply) => {
      await signIn.changePassword(request.viewer, request.body);
      return reply.code(204).send(null);
    },
  );
}
