import type { z } from 'zod';
import type { Clock } from '../base/clock.ts';

/** WebSocket close codes (RFC 6455 section 7.4.1). */
export const CLOSE_POLICY = 1008;
const CLOSE_TOO_BIG = 1009;

const MESSAGE_LIMIT_BYTES = 16 * 1024;
const WINDOW_MS = 10_000;

/** What a console said, or how its connection is to be closed. */
export type Said<T> = { request: T } | { request: undefined; code: number; reason: string };

/** Reads what a console says over its connection: at most 16 KB at a time, and so many messages in ten seconds. */
export function createMessageIntake<T>(
  schema: z.ZodType<T>,
  clock: Pick<Clock, 'monotonic'>,
  mostMessages: number,
): (bytes: Buffer) => Said<T> {
  let messages = 0;
  let windowStart = clock.monotonic();
  return (bytes) => {
    const now = clock.monotonic();
    if (now - windowStart > WINDOW_MS) {
      windowStart = now;
      messages = 0;
    }
    messages += 1;
    if (bytes.length > MESSAGE_LIMIT_BYTES)
      return { request: undefined, code: CLOSE_TOO_BIG, reason: 'too much' };
    if (messages > mostMessages) return { request: undefined, code: CLOSE_POLICY, reason: 'too much' };
    const request = parsed(schema, bytes);
    return request === undefined
      ? { request: undefined, code: CLOSE_POLICY, reason: 'not understood' }
      : { request };
  };
}

function parsed<T>(schema: z.ZodType<T>, bytes: Buffer): T | undefined {
  try {
    const result = schema.safeParse(JSON.parse(bytes.toString('utf8')));
    return result.success ? result.data : undefined;
  } catch {
    return undefined;
  }
}
