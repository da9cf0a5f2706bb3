import { createReadStream } from 'node:fs';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../base/errors.ts';
import type { RightsGuard } from './rights-watch.ts';

export interface FilePart {
  path: string;
  /** Where in the file on disk the bytes to send begin, and how many they are. */
  offset: number;
  bytes: number;
  /** Offered to the browser for saving. */
  name: string;
  contentType: string;
  /** Strong entity tag, without quotes. */
  tag: string;
}

/** Between two looks at the right. */
const CHUNK_BYTES = 64 * 1024;

/**
 * The bytes that a `Range` header asks for (RFC 9110 section 14), `end` exclusive; null for all of it. More than one
 * range, or another unit, is answered with all of it, as the RFC allows.
 * @throws AppError `bad-byte-range` (416)
 */
export function byteRange(header: string | undefined, bytes: number): { start: number; end: number } | null {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.trim() ?? '');
  if (!match || (match[1] === '' && match[2] === '')) return null;
  const [, first = '', last = ''] = match;
  const start = first === '' ? Math.max(0, bytes - Number(last)) : Number(first);
  const end = first === '' || last === '' ? bytes : Math.min(bytes, Number(last) + 1);
  if (start >= bytes || end <= start)
    throw new AppError('bad-byte-range', 416, `The file has ${bytes} bytes. Download it anew.`, { bytes });
  return { start, end };
}

/**
 * Sends part of a file, resumable, as long as the guard's right holds: the connection is cut in the middle when it
 * ends. `onDone` is called once.
 */
export function sendFileGuarded(
  request: FastifyRequest,
  reply: FastifyReply,
  file: FilePart,
  guard: RightsGuard,
): FastifyReply {
  const tag = `"${file.tag}"`;
  const resumes = request.headers['if-range'] === undefined || request.headers['if-range'] === tag;
  let range: { start: number; end: number } | null;
  try {
    range = resumes ? byteRange(request.headers.range, file.bytes) : null;
  } catch (error) {
    guard.done();
    reply.header('content-range', `bytes */${file.bytes}`);
    throw error;
  }
  const { start, end } = range ?? { start: 0, end: file.bytes };
  const body = createReadStream(file.path, {
    start: file.offset + start,
    end: file.offset + end - 1,
    highWaterMark: CHUNK_BYTES,
  });
  const cut = () => {
    body.destroy();
    reply.raw.destroy();
  };
  const finish = () => {
    guard.signal.removeEventListener('abort', cut);
    guard.done();
    body.destroy();
  };
  reply.raw.once('close', finish);
  if (reply.raw.destroyed) finish();
  guard.signal.addEventListener('abort', cut, { once: true });
  if (guard.signal.aborted) cut();
  return reply
    .code(range ? 206 : 200)
    .headers({
      'cache-control': 'no-store',
      'accept-ranges': 'bytes',
      etag: tag,
      'content-length': end - start,
      'content-disposition': `attachment; filename="${file.name}"`,
      ...(range ? { 'content-range': `bytes ${start}-${end - 1}/${file.bytes}` } : {}),
    })
    .type(file.contentType)
    .send(body);
}
