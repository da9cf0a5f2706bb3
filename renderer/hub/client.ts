import { z } from 'zod';
import { Problem } from '../../main/contract/common.ts';
import { HubError } from './errors.ts';

type Method = 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** A request that hangs is an error a person can act on; nothing but uploads may take longer. */
const TIMEOUT_MS = 30_000;

/** Query string of the parameters that are set, with its question mark; empty without any. */
export function queryString(params: Record<string, string | number | boolean | undefined | null>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(params))
    if (value !== undefined && value !== null && value !== '') search.set(name, String(value));
  const text = search.toString();
  return text === '' ? '' : `?${text}`;
}

async function problemOf(response: Response): Promise<HubError> {
  const parsed = Problem.safeParse(await response.json().catch(() => null));
  if (parsed.success)
    return new HubError(
      parsed.data.code,
      parsed.data.status,
      parsed.data.detail ?? parsed.data.title,
      parsed.data.params ?? {},
    );
  return new HubError('hub-failed', response.status, `The hub answered ${response.status}.`, {
    status: response.status,
  });
}

/**
 * One request to the hub, with the session's cookie.
 * @throws HubError with the hub's own code, or `hub-unreachable` (status 0), `hub-slow`, `hub-failed`;
 *   the signal's reason when the caller gave up.
 */
export async function hubFetch(
  path: string,
  init: RequestInit,
  signal?: AbortSignal,
  timeoutMs = TIMEOUT_MS,
): Promise<Response> {
  const timeout = AbortSignal.timeout(timeoutMs);
  let response: Response;
  try {
    response = await fetch(path, {
      ...init,
      credentials: 'same-origin',
      cache: 'no-store',
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    if (timeout.aborted) throw new HubError('hub-slow', 0, 'The hub did not answer in time.');
    throw new HubError('hub-unreachable', 0, 'The hub cannot be reached.');
  }
  if (!response.ok) throw await problemOf(response);
  return response;
}

/** @throws HubError `hub-answer` when the answer is not what the contract says. */
async function parsed<T extends z.ZodType>(
  response: Response,
  schema: T,
  path: string,
): Promise<z.output<T>> {
  const body: unknown = response.status === 204 ? undefined : await response.json().catch(() => null);
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  throw new HubError('hub-answer', response.status, z.prettifyError(result.error), {
    path: path.split('?')[0] ?? path,
  });
}

/** Reads JSON, parsed by the contract's schema. @throws HubError */
export async function hubGet<T extends z.ZodType>(
  path: string,
  schema: T,
  signal?: AbortSignal,
  timeoutMs?: number,
): Promise<z.output<T>> {
  const response = await hubFetch(path, { headers: { accept: 'application/json' } }, signal, timeoutMs);
  return parsed(response, schema, path);
}

/** Reads bytes, for answers that are not JSON. @throws HubError */
export async function hubBytes(path: string, signal?: AbortSignal): Promise<ArrayBuffer> {
  return (await hubFetch(path, {}, signal)).arrayBuffer();
}

/** Nothing is expected back. */
export const NoAnswer = z.unknown().transform(() => undefined);

/** Sends JSON (or nothing when `body` is undefined) and reads the answer. @throws HubError */
export async function hubSend<T extends z.ZodType>(
  method: Method,
  path: string,
  body: unknown,
  schema: T,
  signal?: AbortSignal,
): Promise<z.output<T>> {
  const init: RequestInit =
    body === undefined
      ? { method }
      : { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  return parsed(await hubFetch(path, init, signal), schema, path);
}
