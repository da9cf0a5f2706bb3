import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fastify } from 'fastify';
import { expect, test } from 'vitest';
import { byteRange, sendFileGuarded } from './send-file-guarded.ts';

test.each([
  [undefined, null],
  ['bytes=0-', { start: 0, end: 100 }],
  ['bytes=10-19', { start: 10, end: 20 }],
  ['bytes=90-500', { start: 90, end: 100 }],
  ['bytes=-30', { start: 70, end: 100 }],
  ['bytes=-500', { start: 0, end: 100 }],
  ['bytes=0-1,5-6', null],
  ['bytes=-', null],
  ['lines=1-2', null],
])('%s of a hundred bytes', (header, expected) => {
  expect(byteRange(header, 100)).toEqual(expected);
});

test.each(['bytes=100-', 'bytes=5-4', 'bytes=-0'])('%s cannot be had', (header) => {
  expect(() => byteRange(header, 100)).toThrow(expect.objectContaining({ status: 416 }));
});

test('a download is cut in the middle when the right to it ends', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'kalancha-send-'));
  const path = join(dir, 'large');
  const bytes = 256 * 2 ** 20;
  writeFileSync(path, '');
  truncateSync(path, bytes);
  const right = new AbortController();
  let done = 0;
  const app = fastify();
  app.get('/', (request, reply) =>
    sendFileGuarded(
      request,
      reply,
      { path, offset: 0, bytes, name: 'large.zip', contentType: 'application/zip', tag: 't' },
      {
        signal: right.signal,
        done() {
          done += 1;
        },
      },
    ),
  );
  const address = await app.listen({ port: 0, host: '127.0.0.1' });
  const received = await new Promise<number>((resolve, reject) => {
    get(address, (response) => {
      let count = 0;
      response.on('data', (chunk: Buffer) => {
        count += chunk.length;
        right.abort('no-grant');
      });
      response.on('end', () => reject(new Error('the whole file came')));
      response.on('error', () => resolve(count));
    }).on('error', reject);
  });
  expect(received).toBeLessThan(bytes / 4);
  await app.close();
  expect(done).toBe(1);
  rmSync(dir, { recursive: true, force: true });
});
