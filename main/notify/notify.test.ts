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
import { createNotify, type Notify } from './notify.ts';
import { QUIET_MS, STALE_MS } from './receiver.ts';
import type { Channel, NoticeIncident } from './types.ts';
import { createWebhook } from './webhook.ts';

const T0 = Date.UTC(2026, 9, 24, 23, 30);
const known = new Map<string, NoticeIncident & { muted: boolean; resolved: boolean }>();
const incident = (id: string, given: Partial<NoticeIncident & { muted: boolean }> = {}) => {
  known.set(id, {
    ...{ id, cause: 'device-offline', severity: 'critical', reason: 'will', since: T0, openedAt: T0 },
    ...{ subject: { kind: 'device', id, name: `Коммутатор ${id}`, address: 'ул. Арбат, 1' } },
    ...{ exceeded: [], clearedAt: null, partOf: null, affected: 40, muted: false, resolved: false },
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
/** Incidents of which a channel was never told. */
let givenUp: { channel: string; incidents: string[]; problem: string }[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kalancha-notify-'));
  storage = await openStorage(folder);
  bus = createEventBus<HubEvents>((_name, error) => {
    throw error;
  });
  clock = manualClock(T0);
  known.clear();
  [standing, storeFails, lines, givenUp] = [[], false, [], []];
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
    async givenUp(_trx, channel, incidents, problem) {
      givenUp.push({ channel, incidents, problem });
    },
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
  /** Whom it was tried to tell of, each message in one text. */
  tried: string[];
  failing: boolean;
  /** An incident that it does not take. */
  refused: string | null;
}
const collecting = (name = 'test'): Collected => ({
  ...{ name, kind: 'webhook', host: 'example.org', minSeverity: 'warning' },
  ...{ messages: [], tried: [], failing: false, refused: null },
  async send(notices) {
    this.tried.push(notices.map(({ incident: { id } }) => id).join(' '));
    if (this.failing) throw new Error('nobody there');
    if (notices.some(({ incident: { id } }) => id === this.refused)) throw new Error('answered 400');
    this.messages.push(notices.map(({ kind, incident: { id } }) => `${kind} ${id}`));
  },
  async test() {
    if (this.failing) throw new Error('nobody there');
    this.messages.push(['test']);
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
      .poll(() => first.receivers(), { timeout: 10_000 })
      .toMatchObject([
        {
          name: 'test',
          state: 'failing',
          problem: { code: 'receiver-other', text: 'nobody there' },
          waiting: 1,
        },
      ]);
    await first.stop();
    channel.failing = false;
    const second = start(channel);
    await expect.poll(() => channel.messages, { timeout: 10_000 }).toEqual([['opened a']]);
    await expect
      .poll(() => second.receivers(), { timeout: 10_000 })
      .toMatchObject([{ state: 'working', nextTryAt: null, waiting: 0 }]);
    tell('a');
    clock.advance(QUIET_MS);
    incident('b');
    tell('b');
    await expect.poll(() => channel.messages[1], { timeout: 10_000 }).toEqual(['opened b']);
  });
});

describe('a receiver that fails', () => {
  const FIRST_RETRY_MS = 5_000;

  it('holds up nobody else, not even while it is silent', async () => {
    const silent = collecting('silent');
    const hanging = Promise.withResolvers<void>();
    silent.send = () => hanging.promise;
    const other = collecting('other');
    start(silent, other);
    incident('a');
    tell('a');
    await expect.poll(() => other.messages, { timeout: 10_000 }).toEqual([['opened a']]);
    incident('b');
    tell('b');
    clock.advance(QUIET_MS);
    await expect.poll(() => other.messages[1], { timeout: 10_000 }).toEqual(['opened b']);
    hanging.resolve();
  });

  it('is tried by the newest alone, and when that gets through the rest follows at once', async () => {
    const channel = collecting();
    channel.failing = true;
    const hub = start(channel);
    for (const id of ['a', 'b', 'c', 'd']) incident(id);
    tell('a');
    await expect.poll(() => hub.receivers(), { timeout: 10_000 }).toMatchObject([{ state: 'failing' }]);
    tell('b', 'c', 'd');
    await expect.poll(() => hub.receivers(), { timeout: 10_000 }).toMatchObject([{ waiting: 4 }]);
    clock.advance(FIRST_RETRY_MS);
    await expect.poll(() => channel.tried, { timeout: 10_000 }).toEqual(['a', 'd']);
    await expect
      .poll(() => hub.receivers(), { timeout: 10_000 })
      .toMatchObject([{ nextTryAt: clock.now() + 2 * FIRST_RETRY_MS }]);
    channel.failing = false;
    clock.advance(2 * FIRST_RETRY_MS);
    await expect
      .poll(() => channel.messages, { timeout: 10_000 })
      .toEqual([['opened c'], ['opened a', 'opened b', 'opened d']]);
    expect(givenUp).toEqual([]);
  });

  it('and has had all that waited gets one message a minute again', async () => {
    const channel = collecting();
    const other: Collected = { ...collecting('other'), minSeverity: 'critical' };
    channel.failing = true;
    start(channel, other);
    incident('a', { severity: 'warning' });
    tell('a');
    await expect.poll(() => lines.join(''), { timeout: 10_000 }).toContain('could not be sent');
    channel.failing = false;
    clock.advance(5_000);
    await expect.poll(() => channel.messages, { timeout: 10_000 }).toEqual([['opened a']]);
    incident('b');
    tell('b');
    await expect.poll(() => other.messages, { timeout: 10_000 }).toEqual([['opened b']]);
    // Looked at before the other.
    expect(channel.messages).toHaveLength(1);
    clock.advance(QUIET_MS);
    await expect.poll(() => channel.messages[1], { timeout: 10_000 }).toEqual(['opened b']);
  });

  it('takes all but what it refuses, and that is given up on record', async () => {
    const channel = collecting();
    channel.failing = true;
    const hub = start(channel);
    for (const id of ['a', 'b', 'c']) incident(id);
    tell('a');
    await expect.poll(() => hub.receivers(), { timeout: 10_000 }).toMatchObject([{ state: 'failing' }]);
    tell('b', 'c');
    await expect.poll(() => hub.receivers(), { timeout: 10_000 }).toMatchObject([{ waiting: 3 }]);
    [channel.failing, channel.refused] = [false, 'b'];
    for (let tries = 2; givenUp.length === 0; tries++) {
      expect(tries).toBeLessThan(60);
      const before = channel.tried.length;
      clock.advance(QUIET_MS * 5);
      await expect
        .poll(() => channel.tried.length > before || givenUp.length > 0, { timeout: 10_000 })
        .toBe(true);
    }
    expect(channel.messages.flat().toSorted()).toEqual(['opened a', 'opened c']);
    expect(givenUp).toEqual([{ channel: 'test', incidents: ['b'], problem: 'answered 400' }]);
    expect(await hub.receivers()).toMatchObject([{ waiting: 0, givenUp: 1, lastGivenUpAt: clock.now() }]);
  });

  it('is not told of what is no news any more, and somebody learns that', async () => {
    const channel = collecting();
    channel.failing = true;
    const hub = start(channel);
    incident('a');
    tell('a');
    await expect.poll(() => hub.receivers(), { timeout: 10_000 }).toMatchObject([{ state: 'failing' }]);
    clock.advance(STALE_MS + 1);
    await expect
      .poll(() => givenUp, { timeout: 10_000 })
      .toEqual([{ channel: 'test', incidents: ['a'], problem: 'nobody there' }]);
    channel.failing = false;
    incident('b');
    tell('b');
    await expect.poll(() => channel.messages, { timeout: 10_000 }).toEqual([['opened b']]);
  });

  it('can be tested: what waits goes as soon as the test gets through', async () => {
    const channel = collecting();
    channel.failing = true;
    const hub = start(channel);
    incident('a');
    tell('a');
    await expect.poll(() => hub.receivers(), { timeout: 10_000 }).toMatchObject([{ state: 'failing' }]);
    await expect(hub.test('test')).rejects.toMatchObject({
      code: 'notice-test-failed',
      params: { trouble: 'receiver-other' },
    });
    await expect(hub.test('nobody')).rejects.toMatchObject({ code: 'not-found' });
    channel.failing = false;
    await hub.test('test');
    await expect.poll(() => channel.messages, { timeout: 10_000 }).toEqual([['test'], ['opened a']]);
    expect(await hub.receivers()).toMatchObject([{ state: 'working', lastSentAt: clock.now() }]);
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

  it('names what is out of bounds, and when it is sound again', () => {
    const measured = (metric: string, value: number, side: 'above' | 'below', clear: number) => ({
      ...{ metric, value, side, clear },
    });
    incident('hot', {
      ...{ cause: 'degraded', reason: 'threshold' },
      exceeded: [measured('temperature', 88.04, 'above', 75), measured('of-a-newer-hub', 3, 'below', 5.5)],
    });
    const textIn = (language: 'ru' | 'en') =>
      letterOf([{ kind: 'opened', at: T0, incident: known.get('hot') ?? never() }], language, 'Europe/Moscow')
        .text;
    expect(textIn('ru')).toContain(
      '\n  температура 88 °C (норма — не выше 75 °C)\n  of-a-newer-hub 3 (норма — не ниже 5,5)\n',
    );
    expect(textIn('en')).toContain('\n  temperature 88 °C (sound at 75 °C and below)\n');
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
