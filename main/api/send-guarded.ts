import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import type { RightsGuard } from './rights-watch.ts';

/** Between two looks at the right; small enough that a slow reader gets little after it ended. */
const CHUNK_BYTES = 64 * 1024;

/**
 * Sends bytes that stop in the middle when the right to them ends: the connection is cut, so that nobody takes
 * half a body for a whole one. `onDone` is called once, however it ended.
 */
export function sendGuarded(
  reply: FastifyReply,
  bytes: Buffer,
  contentType: string,
  guard: RightsGuard,
  onDone: () => void,
): FastifyReply {
  const cut = () => reply.raw.destroy();
  let done = false;
  const finish = () => {
    if (done) return;
    done = true;
    guard.signal.removeEventListener('abort', cut);
    guard.done();
    onDone();
  };
  reply.raw.once('close', finish);
  if (reply.raw.destroyed) finish();
  guard.signal.addEventListener('abort', cut, { once: true });
  if (guard.signal.aborted) cut();
  const body = Readable.from(chunksOf(bytes, guard.signal), { objectMode: false });
  return reply
    .header('cache-control', 'no-store')
    .header('content-length', bytes.length)
    .type(contentType)
    .send(body);
}

function* chunksOf(bytes: Buffer, signal: AbortSignal): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
    if (signal.aborted) return;
    yield bytes.subarray(at, at + CHUNK_BYTES);
  }
}
