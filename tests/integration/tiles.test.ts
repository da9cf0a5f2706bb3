import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import {
  readTileBytes,
  type TileBytes,
  TilesMessage,
  type TilesRequest,
} from '../../main/contract/tile-wire.ts';
import type { TrackName } from '../../main/contract/video.ts';
import { signIn, until } from '../support/hub-process.ts';
import { type ScenesProcess, startScenesProcess } from '../support/scenes-process.ts';
import { PASSWORD, type SmallHub, startSmallHub } from '../support/small-hub.ts';

/** Live tiles from a real hub to real WebSocket clients. */
let small: SmallHub;
let scenes: ScenesProcess;
const sockets: WebSocket[] = [];

beforeAll(async () => {
  scenes = await startScenesProcess();
  small = await startSmallHub('tiles');
  await small.addCamera('cam-1', `${scenes.url}/camera/1.ts`);
  await until('the camera', async () => {
    const status = await small.admin.get('/api/video/cam-1/status');
    return status.ok && ((await status.json()) as { state: string }).state === 'running' ? true : undefined;
  });
});
afterAll(async () => {
  for (const socket of sockets) socket.terminate();
  await small?.stop();
  await scenes?.stop();
});

type Fragment = Extract<TileBytes, { kind: 'fragment' }> & { at: number };

/** A console with one connection. It acknowledges what it gets, unless it is told to be slow. */
async function console(cookie: string) {
  const { httpUrl } = small.hub;
  const socket = new WebSocket(`${httpUrl.replace('http', 'ws')}/api/tiles`, {
    headers: { cookie, origin: httpUrl },
  });
  sockets.push(socket);
  const told: TilesMessage[] = [];
  const fragments: Fragment[] = [];
  const formats = new Map<number, Uint8Array>();
  const newest = new Map<number, number>();
  let acknowledging = true;
  let closed: number | undefined;
  const say = (message: TilesRequest) => socket.send(JSON.stringify(message));
  socket.on('close', (code) => {
    closed = code;
  });
  socket.on('message', (data: Buffer, binary) => {
    if (!binary) {
      told.push(TilesMessage.parse(JSON.parse(String(data))));
      return;
    }
    const message = readTileBytes(Uint8Array.from(data).buffer);
    if (!message) throw new Error('not understood');
    if (message.kind === 'format') formats.set(message.tile, message.bytes);
    else fragments.push({ ...message, at: performance.now() });
    newest.set(message.tile, message.number);
    if (acknowledging) say({ type: 'ack', upTo: [[message.tile, message.number]] });
  });
  await once(socket, 'open');
  return {
    told,
    fragments,
    formats,
    closed: () => closed,
    say,
    open: (tile: number, tracks: TrackName[] = ['main'], cameraId = 'cam-1') =>
      say({ type: 'open', tile, cameraId, tracks }),
    of: (tile: number) => fragments.filter((fragment) => fragment.tile === tile),
    beSlow() {
      acknowledging = false;
    },
    takeAll() {
      acknowledging = true;
      say({ type: 'ack', upTo: [...newest] });
    },
    close: () => socket.terminate(),
  };
}

const person = async (login: string) => {
  const { grantId } = await small.addPerson(login, 'police-officer');
  return { grantId, cookie: (await signIn(small.hub.httpUrl, login, PASSWORD)).cookie };
};

/** Whether each fragment goes on where the one before ended, or begins with a keyframe. */
const decodable = (fragments: readonly Fragment[]) =>
  fragments.every(({ keyframe, mediaTimeS, run }, i) => {
    const before = fragments[i - 1];
    return (
      keyframe ||
      (before?.run === run && Math.abs(before.mediaTimeS + before.durationUs / 1e6 - mediaTimeS) < 0.002)
    );
  });

test('a tile begins with the running group of pictures and carries the bytes of the playlist’s parts', async () => {
  const { cookie } = await person('reader');
  const client = await console(cookie);
  client.open(1);
  await until('two seconds of pictures', () => (client.fragments.length > 40 ? true : undefined));
  expect(client.told[0]).toEqual({ type: 'opened', tile: 1, track: 'main' });
  expect(client.fragments[0]?.keyframe).toBe(true);
  expect(decodable(client.fragments)).toBe(true);
  const get = async (path: string) =>
    (await fetch(`${small.hub.httpUrl}/api/video/cam-1/${path}`, { headers: { cookie } })).arrayBuffer();
  const playlist = Buffer.from(await get('live-main.m3u8')).toString();
  const init = /URI="(init\/[^"]+)"/.exec(playlist)?.[1] ?? '';
  expect(Buffer.from(client.formats.get(1) ?? []).equals(Buffer.from(await get(init)))).toBe(true);
  const parts = [...playlist.matchAll(/#EXT-X-PART:.*URI="([^"]+)"/g)].map((match) => match[1] ?? '');
  const wanted = await Promise.all(parts.slice(-6, -2).map(async (part) => Buffer.from(await get(part))));
  expect(wanted).toHaveLength(4);
  // The playlist may be ahead of the connection.
  await until('those parts', () => {
    const sent = Buffer.concat(client.fragments.map(({ bytes }) => bytes));
    return wanted.every((part) => sent.includes(part)) ? true : undefined;
  });
  client.close();
});

test('a revoked right ends the tile at once, and both ends of the view are on record', async () => {
  const { cookie, grantId } = await person('leaving');
  await small.addPerson('auditor', 'auditor');
  const auditor = await signIn(small.hub.httpUrl, 'auditor', PASSWORD);
  const client = await console(cookie);
  client.open(1);
  await until('pictures', () => (client.fragments.length > 5 ? true : undefined));
  const answer = await small.admin.send('DELETE', `/api/access/grants/${grantId}`, { reason: 'Order 2' });
  expect(answer.ok).toBe(true);
  const revokedAt = performance.now();
  const ended = await until('the end', () => client.told.find(({ type }) => type === 'ended'));
  expect(ended).toMatchObject({ tile: 1, reason: 'no-right' });
  expect((client.fragments.at(-1)?.at ?? 0) - revokedAt).toBeLessThan(10_000);
  client.open(2);
  await until('a refusal', () => client.told.find((message) => 'tile' in message && message.tile === 2));
  expect(client.told.at(-1)).toMatchObject({ type: 'ended', tile: 2, reason: 'no-right' });
  const kinds = await until('the record', async () => {
    const { items } = await auditor.json<{
      items: { kind: string; personName: string }[];
    }>('/api/audit?limit=100');
    const own = items.filter((entry) => entry.personName === 'Person leaving').map(({ kind }) => kind);
    return own.includes('video.live-end') && own.includes('video.refused') ? own : undefined;
  });
  expect(kinds).toContain('video.live-start');
  client.close();
});

test('a slow console skips to keyframes, each tile for itself, while a quick one misses nothing', async () => {
  const [{ cookie: quickCookie }, { cookie: slowCookie }] = [await person('quick'), await person('slow')];
  const quick = await console(quickCookie);
  const slow = await console(slowCookie);
  quick.open(1);
  for (let tile = 1; tile <= 24; tile++) slow.open(tile);
  await until('pictures in all tiles', () =>
    new Set(slow.fragments.map(({ tile }) => tile)).size === 24 ? true : undefined,
  );
  slow.beSlow();
  const before = slow.fragments.length;
  // The hub stops sending before the console has answered: what is under way is bounded.
  await until('the hub to hold back', async () => {
    const seen = slow.fragments.length;
    const frames = quick.fragments.length;
    await until('more pictures of the quick one', () =>
      quick.fragments.length > frames + 20 ? true : undefined,
    );
    return slow.fragments.length === seen ? true : undefined;
  });
  const held = slow.fragments.slice(before).reduce((sum, { bytes }) => sum + bytes.length, 0);
  expect(held).toBeLessThan(20 * 1024 * 1024);
  const missed = slow.fragments.length;
  slow.takeAll();
  await until('every tile to go on', () =>
    new Set(slow.fragments.slice(missed).map(({ tile }) => tile)).size === 24 ? true : undefined,
  );
  for (let tile = 1; tile <= 24; tile++) expect(decodable(slow.of(tile))).toBe(true);
  expect(slow.told.some(({ type }) => type === 'behind')).toBe(true);
  expect(quick.told.some(({ type }) => type === 'behind')).toBe(false);
  for (const [i, { number }] of quick.fragments.entries())
    expect(number).toBe((quick.fragments[i - 1]?.number ?? number - 1) + 1);
  expect(slow.closed()).toBeUndefined();
  slow.close();
  quick.close();
});

test('nobody gets in without a session, from another site, or to sound without its right', async () => {
  const refused = async (headers: Record<string, string>) => {
    const socket = new WebSocket(`${small.hub.httpUrl.replace('http', 'ws')}/api/tiles`, { headers });
    sockets.push(socket);
    const [error] = (await once(socket, 'error')) as [Error];
    return /\d{3}/.exec(error.message)?.[0];
  };
  const { cookie } = await person('listener');
  expect(await refused({ origin: small.hub.httpUrl })).toBe('401');
  expect(await refused({ cookie, origin: 'https://elsewhere.example' })).toBe('403');
  const client = await console(cookie);
  client.open(1, ['sound']);
  const ended = await until('the refusal', () => client.told[0]);
  expect(ended).toMatchObject({ type: 'ended', tile: 1, reason: 'no-right' });
  client.close();
});
