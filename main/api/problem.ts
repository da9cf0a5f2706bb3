import type { FastifyReply } from 'fastify';
import { AppError } from '../base/errors.ts';
import type { Problem } from '../contract/common.ts';

/** RFC 9457 document of an error that a person can do something about. */
export function problemOf(error: AppError): Problem {
  return {
    type: `urn:kalancha:problem:${error.code}`,
    title: error.code,
    status: error.status,
    code: error.code,
    detail: error.message,
    params: { ...error.params },
  };
}

export function sendProblem(reply: FastifyReply, error: AppError): FastifyReply {
  if (error.status === 429 && typeof error.params.retryAfterS === 'number')
    reply.header('retry-after', error.params.retryAfterS);
  return reply
    .code(error.status)
    .header('cache-control', 'no-store')
    .type('application/problem+json')
    .send(JSON.stringify(problemOf(error)));
}

export const signInFirst = () => new AppError('sign-in-first', 401, 'Sign in first.');
export const noRight = (action: string, reason: string) =>
  new AppError(
    'no-right',
    403,
    `You do not have the right ${action} here (${reason}). Ask your access administrator.`,
    { action, reason },
  );
