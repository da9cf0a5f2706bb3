import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { SMTPServer } from 'smtp-server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { manualClock } from '../base/clock.ts';
import { createEventBus, type EventBus } from '../base/event-bus.ts';
import { createLogger } from '../base/logging.ts';
import type { HubEvents } from '../contract/hub-events.ts';
import { openStorage, type Storage } from '../storage/database.ts';
import { createEmail } from './email.ts';
import { letterOf } from './letter.ts';
import { createNotify, type Notify, QUIET_MS } from './notify.ts';
import type { Channel, NoticeIncident } from './types.ts';
import { createWebhook } from './webhook.ts';

const T0 = Date.UTC(2026, 9, 24, 23, 30);
const known = new Map<string, NoticeIncident & { muted: boolean; resolved: boolean }>();
const incident = (id: string, given: Partial<NoticeIncident & { muted: boolean }> = {}) => {
  known.set(id, {
    ...{ id, cause: 'device-offline', severity: 'critical', reason: 'will', since: T0, openedAt: T0 },
    ...{ subject: { kind: 'device', id, name: `Коммутатор ${id}`, address: 'ул. Арбат, 1' } },
    ...{ clearedAt: null, partOf: null, affected: 40, muted: false, resolved: false },
    ...given,
  });
};

let folder: string;
let storage: Storage;
let bus: EventBus<HubEvents>;
let clock: ReturnType<typeof manualClock>;
let notify: Notify | undefined;
/** Incidents that are open when it starts. */
let standing: string[];
let lines: string[];
let logged: Writable;
let storeFails: boolean;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kalancha-notify-'));
  storage = await openStorage(folder);
  bus = createEventBus<HubEvents>((_name, error) => {
    throw error;
  });
  clock = manualClock(T0);
  known.clear();
  [standing, storeFails, lines] = [[], false, []];
  logged = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk));
      done();
    },
  });
});
afterEach(async () => {
  await notify?.stop();
  notify = undefined;
  await storage.stop();
  rmSync(folder, { recursive: true, force: true });
});

function start(...channels: Channel[]): Notify {
  notify = createNotify({
    ...{ db: storage.db, clock, bus, log: createLogger('error', logged), channels },
    lookEveryMs: 50,
    open: () => standing.flatMap((id) => known.get(id) ?? []),
    async incident(id) {
      if (storeFails) throw new Error('disk full');
      return known.get(id);
    },
  });
  return notify;
}
const tell = (...ids: string[]) => bus.emit('incident.changed', { ids });

interface Collected extends Channel {
  messages: string[][];
  failing: boolean;
}
const collecting = (): Collected => ({
  ...{ name: 'test', minSeverity: 'warning', messages: [], failing: false },
  async send(notices) {
    if (this.failing) throw new Error('nobody there');
    this.messages.push(notices.map(({ kind, incident: { id } }) => `${kind} ${id}`));
  },
  stop: () => undefined,
});

describe('notices', () => {
  it('go out once, together, at most one message a minute', async () => {
    const channel = collecting();
    start(channel);
    for (const id of ['a', 'b']) incident(id);
    incident('muted', { muted: true });
    incident('info', { severity: 'info' });
    tell('a', 'b', 'muted', 'info');
    await expect.poll(() => channel.messages, { timeout: 10_000 }).toEqual([['opened a', 'opened b']]);
    incident('c');
    incident('a', { clearedAt: T0 + 5_000 });
    tell('c', 'a', 'b');
    tell('c');
    clock.advance(QUIET_MS - 1);
    await expect.poll(() => storage.db.selectFrom('notices').selectAll().execute()).toHaveLength(4);
    expect(channel.messages).toHaveLength(1);
    clock.advance(1);
    await expect.poll(() => channel.messages[1], { timeout: 10_000 }).toEqual(['opened c', 'cleared a']);
  });

  it('of a muted incident wait for the end of the mute; that it is over is told to whoever knew of it', async () => {
    const channel = collecting();
    start(channel);
    for (const id of ['a', 'b', 'c']) incident(id);
    tell('a');
    await expect.poll(() => channel.messages, { timeout: 10_000 }).toEqual([['opened a']]);
    tell('b');
    await expect.poll(() => storage.db.selectFrom('notices').selectAll().execute()).toHaveLength(2);
    // Muted while it waits for its minute, and after it was told.
    incident('b', { muted: true });
    incident('a', { muted: true, clearedAt: T0 + 1 });
    tell('a', 'b', 'c');
    await expect.poll(() => storage.db.selectFrom('notices').selectAll().execute()).toHaveLength(4);
    clock.advance(QUIET_MS);
    await expect.poll(() => channel.messages[1], { timeout: 10_000 }).toEqual(['cleared a', 'opened c']);
    incident('b');
    tell('b');
    clock.advance(QUIET_MS);
    await expect.poll(() => channel.messages[2], { timeout: 10_000 }).toEqual(['opened b']);
  });

  it('say that it is back, where everybody believes that it is over', async () => {
    const channel = collecting();
    start(channel);
    incident('a');
    tell('a');
    await expect.poll(() => channel.messages, { timeout: 10_000 }).toEqual([['opened a']]);
    // Over and back before its end was told: nobody needs to know.
    incident('a', { clearedAt: T0 + 1 });
    tell('a');
    await expect.poll(() => storage.db.selectFrom('notices').selectAll().execute()).toHaveLength(2);
    incident('a');
    tell('a');
    clock.advance(QUIET_MS);
    await expect
      .poll(() => storage.db.selectFrom('notices').selectAll().execute(), { timeout: 10_000 })
      .toHaveLength(1);
    incident('a', { clearedAt: T0 + 2 });
    tell('a');
    await expect.poll(() => channel.messages[1], { timeout: 10_000 }).toEqual(['cleared a']);
    incident('a');
    tell('a');
    clock.advance(QUIET_MS);
    await expect.poll(() => channel.messages[2], { timeout: 10_000 }).toEqual(['opened a']);
    expect(channel.messages).toHaveLength(3);
  });

  it('of what opened and ended in the moment in which the hub was killed go out at the next start', async () => {
    const channel = collecting();
    const first = start(channel);
    incident('ended');
    tell('ended');
    await expect.poll(() => channel.messages, { timeout: 10_000 }).toEqual([['opened ended']]);
    await first.stop();
    incident('ended', { clearedAt: T0 + 1 });
    incident('opened');
    incident('old', { openedAt: T0 - 7 * 3_600_000 });
    incident('muted', { muted: true });
    standing = ['opened', 'old', 'muted'];
    start(channel);
    clock.advance(QUIET_MS);
    await expect
      .poll(() => channel.messages[1], { timeout: 10_000 })
      .toEqual(['cleared ended', 'opened opened']);
  });

  it('that could not be kept are kept as soon as it is possible', async () => {
    const channel = collecting();
    storeFails = true;
    start(channel);
    incident('a');
    standing = ['a'];
    tell('a');
    await expect.poll(() => lines.join('')).toContain('notices could not be kept');
    storeFails = false;
    await expect.poll(() => channel.messages, { timeout: 10_000 }).toEqual([['opened a']]);
  });

  it('wait while the way is closed, over a start too, and none is lost', async () => {
    const channel = collecting();
    channel.failing = true;
    const first = start(channel);
    incident('a');
    tell('a');
    await expect
      .poll(() => first.troubles(), { timeout: 10_000 })
      .toMatchObject([{ channel: 'test', problem: 'nobody there' }]);
    await first.stop();
    channel.failing = false;
    const second = start(channel);
    await expect.poll(() => channel.messages, { timeout: 10_000 }).toEqual([['opened a']]);
    expect(second.troubles()).toEqual([]);
    tell('a');
    clock.advance(QUIET_MS);
    incident('b');
    tell('b');
    await expect.poll(() => channel.messages[1], { timeout: 10_000 }).toEqual(['opened b']);
  });
});

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
    const channel = createWebhook({ url, secret: 'тайна', minSeverity: 'warning' }, clock.now);
    incident('a');
    const notice = { kind: 'opened' as const, at: T0, incident: known.get('a') ?? never() };
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
  const channel = createWebhook({ url, secret: null, minSeverity: 'warning' }, clock.now);
  const sending = channel.send([], AbortSignal.timeout(10_000));
  await expect(sending).rejects.toThrow(/^127\.0\.0\.1:\d+ answered 403$/);
  expect(Buffer.from(authorization?.split(' ')[1] ?? '', 'base64').toString()).toBe('duty:sésame');
  await new Promise((resolve) => server.close(resolve));
});

it('webhooks of one host are told apart, and their names keep their addresses to themselves', () => {
  const names = ['https://chat.example/a/key-1', 'https://chat.example/b/key-2'].map(
    (url) => createWebhook({ url, secret: null, minSeverity: 'warning' }, clock.now).name,
  );
  expect(new Set(names).size).toBe(2);
  for (const name of names) expect(name).toMatch(/^webhook chat\.example [0-9a-f]{6}$/);
});

describe('a letter', () => {
  it('to a server that never answers is given up when the hub stops', async () => {
    const silent = createTcpServer();
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const address = silent.address();
    const channel = createEmail({
      ...{ host: '127.0.0.1', port: typeof address === 'object' ? (address?.port ?? 0) : 0, secure: false },
      ...{ requireTls: false, user: null, password: null, from: 'hub@example.org', to: ['duty@example.org'] },
      ...{ language: 'en', timeZone: 'Europe/Moscow', minSeverity: 'critical' },
    });
    incident('a');
    const stopping = new AbortController();
    const sending = channel.send(
      [{ kind: 'opened', at: T0, incident: known.get('a') ?? never() }],
      stopping.signal,
    );
    const [socket] = await once(silent, 'connection');
    stopping.abort(new Error('stopping'));
    await expect(sending).rejects.toThrow('stopping');
    socket.destroy();
    channel.stop();
    await new Promise((resolve) => silent.close(resolve));
  });

  it('names the worst first with true city times over the change of clocks, and holds no header of its own', () => {
    incident('a', {
      severity: 'warning',
      affected: 1,
      subject: { kind: 'device', id: 'a', name: 'Точка\r\nBcc: x@y', address: null },
    });
    incident('b', { clearedAt: Date.UTC(2026, 9, 25, 1, 30) });
    const { subject, text } = letterOf(
      ['a', 'b'].map((id) => ({ kind: 'cleared' as const, at: T0, incident: known.get(id) ?? never() })),
      'ru',
      'Europe/Berlin',
    );
    expect(subject).toBe('Каланча: инцидентов: 2');
    expect(text.indexOf('Коммутатор b')).toBeLessThan(text.indexOf('Точка Bcc'));
    expect(text).toContain('01:30:00 GMT+2 – 25.10.2026, 02:30:00 GMT+1');
    expect(
      letterOf([{ kind: 'opened', at: T0, incident: known.get('a') ?? never() }], 'ru', 'Europe/Moscow')
        .subject,
    ).toBe('Каланча: Точка Bcc: x@y — нет связи');
  });

  it('says of what is over that it is, and of what goes on as a part of another that it does', () => {
    const over = { clearedAt: T0 + 5_000 };
    incident('a', over);
    incident('p', { ...over, partOf: { id: 'i', name: 'Switch 1' } });
    const lettersOf = (id: string, language: 'ru' | 'en') =>
      letterOf([{ kind: 'cleared', at: T0, incident: known.get(id) ?? never() }], language, 'Europe/Moscow');
    expect(lettersOf('a', 'ru').subject).toMatch(/^Каланча: Причина исчезла: Коммутатор a — /);
    expect(lettersOf('p', 'en').text).toMatch(/^Part of the incident “Switch 1”: Коммутатор p — /);
    expect(lettersOf('p', 'en').text).not.toContain('Cause gone');
  });

  it('reaches a real SMTP server', async () => {
    const letters: string[] = [];
    const smtp = new SMTPServer({
      ...{ authOptional: true, disabledCommands: ['STARTTLS'] },
      onData(stream, _session, done) {
        let text = '';
        stream.on('data', (chunk) => {
          text += String(chunk);
        });
        stream.on('end', () => {
          letters.push(text);
          done();
        });
      },
    });
    const listening = smtp.listen(0, '127.0.0.1');
    await once(listening, 'listening');
    const address = listening.address();
    const channel = createEmail({
      ...{ host: '127.0.0.1', port: typeof address === 'object' ? (address?.port ?? 0) : 0, secure: false },
      ...{ requireTls: false, user: null, password: null, from: 'hub@example.org', to: ['duty@example.org'] },
      ...{ language: 'en', timeZone: 'Europe/Moscow', minSeverity: 'critical' },
    });
    incident('a');
    await channel.send(
      [{ kind: 'opened', at: T0, incident: known.get('a') ?? never() }],
      AbortSignal.timeout(10_000),
    );
    expect(letters[0]).toContain('To: duty@example.org');
    channel.stop();
    await new Promise<void>((resolve) => smtp.close(() => resolve()));
  });
});

function never(): never {
  throw new Error('no such incident');
}
