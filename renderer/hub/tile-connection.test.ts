import { beforeEach, describe, expect, it } from 'vitest';
import { fragmentHeader, type TilesMessage, TilesRequest } from '../../main/contract/tile-wire.ts';
import type { SocketHandlers } from './events.ts';
import { createTileConnection, type TileConnection, type TileListener } from './tile-connection.ts';

let now: number;
let timers: { at: number; run: () => void }[];
let sockets: { handlers: SocketHandlers; sent: TilesRequest[]; closed: boolean }[];
let connection: TileConnection;

beforeEach(() => {
  now = 1_000;
  timers = [];
  sockets = [];
  connection = createTileConnection({
    now: () => now,
    random: () => 0.5,
    later(ms, run) {
      const timer = { at: now + ms, run };
      timers.push(timer);
      return () => {
        timers = timers.filter((one) => one !== timer);
      };
    },
    connect(handlers) {
      const socket = { handlers, sent: [] as TilesRequest[], closed: false };
      sockets.push(socket);
      return {
        send: (text) => socket.sent.push(TilesRequest.parse(JSON.parse(text))),
        close: () => {
          socket.closed = true;
        },
      };
    },
  });
});

function pass(ms: number): void {
  const until = now + ms;
  for (;;) {
    const [next] = timers.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at);
    if (!next) break;
    now = next.at;
    timers = timers.filter((one) => one !== next);
    next.run();
  }
  now = until;
}

const latest = () => {
  const socket = sockets.at(-1);
  if (!socket) throw new Error('no connection was tried');
  return socket;
};
const say = (message: TilesMessage) => latest().handlers.message(JSON.stringify(message));
const pong = (aheadMs = 0) => {
  const ping = latest().sent.findLast((request) => request.type === 'ping');
  if (ping?.type === 'ping') say({ type: 'pong', id: ping.id, at: now + aheadMs });
};

function listener() {
  const heard: string[] = [];
  const made: TileListener = {
    opened: (track) => heard.push(`opened ${track}`),
    bytes: (message) => heard.push(`${message.kind} ${message.number}`),
    behind: (dropped) => heard.push(`behind ${dropped}`),
    down: (problem) => heard.push(`down ${problem}`),
    ended: (reason) => heard.push(`ended ${reason}`),
    lost: () => heard.push('lost'),
  };
  return { heard, made };
}

describe('the tile connection', () => {
  it('is made for the first tile, carries all, and rests when none is left', () => {
    expect(sockets).toHaveLength(0);
    const [a, b] = [listener(), listener()];
    const first = connection.open('cam-1', ['main'], a.made);
    connection.open('cam-2', ['second', 'main'], b.made).close();
    latest().handlers.opened();
    pong();
    expect(sockets).toHaveLength(1);
    expect(latest().sent.filter(({ type }) => type === 'open')).toEqual([
      { type: 'open', tile: 1, cameraId: 'cam-1', tracks: ['main'] },
    ]);
    say({ type: 'opened', tile: 1, track: 'main' });
    const header = fragmentHeader({
      ...{ tile: 1, number: 9, keyframe: true, utcMs: 0, mediaTimeS: 0, durationUs: 1, run: 1 },
    });
    latest().handlers.message(header.buffer);
    expect(a.heard).toEqual(['opened main', 'fragment 9']);
    first.acknowledge(8);
    first.acknowledge(9);
    pass(50);
    expect(latest().sent.filter(({ type }) => type === 'ack')).toEqual([{ type: 'ack', upTo: [[1, 9]] }]);
    first.close();
    latest().handlers.message(header.buffer);
    expect(a.heard).toHaveLength(2);
    for (let second = 0; second < 11; second++) {
      pass(1_000);
      if (!latest().closed) pong();
    }
    expect(latest().closed).toBe(true);
    expect(timers).toHaveLength(0);
  });

  it('lets nobody wait for a second try: given up at its first failure, and taken again when it works', () => {
    const changes: boolean[] = [];
    connection.onUsable(() => changes.push(connection.usable()));
    const tile = listener();
    connection.open('cam-1', ['main'], tile.made);
    latest().handlers.closed();
    expect(tile.heard).toEqual(['lost']);
    expect(changes).toEqual([false]);
    expect(sockets).toHaveLength(1);
    pass(2_000);
    expect(sockets).toHaveLength(2);
    latest().handlers.opened();
    expect(connection.usable()).toBe(false);
    pong();
    expect(changes).toEqual([false, true]);
  });

  it('does not trust one that opens and says nothing', () => {
    const tile = listener();
    connection.open('cam-1', ['main'], tile.made);
    latest().handlers.opened();
    pass(4_000);
    expect(latest().closed).toBe(true);
    expect(tile.heard).toEqual(['lost']);
  });

  it('comes back at once from a break after it worked, without another way being taken', () => {
    const tile = listener();
    connection.open('cam-1', ['main'], tile.made);
    latest().handlers.opened();
    pong();
    latest().handlers.closed();
    connection.open('cam-1', ['main'], tile.made);
    pass(1_000);
    expect(sockets).toHaveLength(2);
    expect(connection.usable()).toBe(true);
  });

  it('knows the hub’s clock by the quickest of its pings', () => {
    connection.open('cam-1', ['main'], listener().made);
    expect(connection.hubNow()).toBeUndefined();
    latest().handlers.opened();
    now += 400;
    pong(7_000 - 300);
    pass(5_000);
    now += 20;
    pong(7_000 - 10);
    expect(connection.hubNow()).toBe(now + 7_000);
  });

  it('leaves nothing behind', () => {
    connection.open('cam-1', ['main'], listener().made);
    latest().handlers.opened();
    connection.stop();
    expect(latest().closed).toBe(true);
    expect(timers).toHaveLength(0);
  });
});
