import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type NoticeBench, openNoticeBench, T0 } from './test-notices.ts';
import { createWebhook } from './webhook.ts';

let bench: NoticeBench;
beforeEach(async () => {
  bench = await openNoticeBench();
});
afterEach(() => bench.stop());

describe('a webhook', () => {
  let server: Server;
  const received: { body: string; signature: string | undefined }[] = [];
  let status = 204;
  beforeEach(async () => {
    received.length = 0;
    status = 204;
    server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => {
        body += String(chunk);
      });
      request.on('end', () => {
        received.push({ body, signature: request.headers['x-kalancha-signature']?.toString() });
        response.writeHead(status, status === 302 ? { location: 'http://127.0.0.1:1/' } : {}).end();
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  it('is signed, and a redirect or an error is a failure', async () => {
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const url = `http://127.0.0.1:${port}/hook`;
    const channel = createWebhook({ url, secret: 'тайна', minSeverity: 'warning' }, bench.clock.now);
    bench.incident('a');
    const notice = { kind: 'opened' as const, at: T0, incident: bench.known('a') };
    const signal = AbortSignal.timeout(10_000);
    await channel.send([notice], signal);
    const [message] = received;
    const [, t, v1] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(message?.signature ?? '') ?? [];
    expect(v1).toBe(createHmac('sha256', 'тайна').update(`${t}.${message?.body}`).digest('hex'));
    expect(JSON.parse(message?.body ?? '')).toMatchObject({
      notices: [{ kind: 'opened', incident: { id: 'a' } }],
    });
    for (const bad of [302, 500]) {
      status = bad;
      await expect(channel.send([notice], signal)).rejects.toThrow(String(bad));
    }
  });
});

it('a webhook’s user and password go out as such, and stand in no error', async () => {
  let authorization: string | undefined;
  const server = createServer((request, response) => {
    authorization = request.headers.authorization;
    response.writeHead(403).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const url = `http://duty:s%C3%A9same@127.0.0.1:${typeof address === 'object' ? address?.port : 0}/`;
  const channel = createWebhook({ url, secret: null, minSeverity: 'warning' }, bench.clock.now);
  const sending = channel.send([], AbortSignal.timeout(10_000));
  await expect(sending).rejects.toThrow(/^127\.0\.0\.1:\d+ answered 403$/);
  expect(Buffer.from(authorization?.split(' ')[1] ?? '', 'base64').toString()).toBe('duty:sésame');
  await new Promise((resolve) => server.close(resolve));
});

it('webhooks of one host are told apart, and their names keep their addresses to themselves', () => {
  const names = ['https://chat.example/a/key-1', 'https://chat.example/b/key-2'].map(
    (url) => createWebhook({ url, secret: null, minSeverity: 'warning' }, bench.clock.now).name,
  );
  expect(new Set(names).size).toBe(2);
  for (const name of names) expect(name).toMatch(/^webhook chat\.example [0-9a-f]{6}$/);
});
