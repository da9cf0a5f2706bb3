import { beforeEach } from 'vitest';
import type { Decision, Viewer } from '../../main/access/types.ts';
import type { TileServices } from '../../main/api/tile.ts';
import { createTileClient } from '../../main/api/tile-client.ts';
import type { FeedFragment, FeedListener } from '../../main/api/tile-feed.ts';
import type { Clock } from '../../main/base/clock.ts';
import { createLogger } from '../../main/base/logging.ts';
import { readTileBytes, TilesMessage, type TilesRequest } from '../../main/contract/tile-wire.ts';
import type { DeviceRecord } from '../../main/devices/types.ts';

export const START = Date.parse('2026-11-22T09:00:00Z');
const viewer: Viewer = { sessionId: 's', personId: 'p', name: 'P', login: 'p', from: '::1' };
export const format = {
  hash: 'f',
  bytes: Buffer.alloc(600, 1),
  codec: 'avc1.64001f',
  width: 640,
  height: 360,
};

const fresh = () => ({
  /** Milliseconds since the start. */
  steady: 0,
  allowed: true,
  soundAllowed: false,
  /** Of the session. */
  alive: true,
  /** Of the rights. */
  version: 1,
  listeners: new Map<string, Set<FeedListener>>(),
  /** What was asked of the hub, in its order. */
  record: [] as string[],
  /** Views on record that have not ended. */
  views: 0,
});

/** Consoles at the hub's tile socket: cameras, rights and the clock are moved by the test, anew for each test. */
export function tileBench() {
  const bench = fresh();
  beforeEach(() => void Object.assign(bench, fresh()));

  const clock: Clock = { now: () => START + bench.steady, monotonic: () => bench.steady };
  const decide = (action: string): Decision =>
    bench.alive && bench.allowed && (action !== 'video.audio' || bench.soundAllowed)
      ? { allowed: true }
      : { allowed: false, reason: bench.alive ? 'no-grant' : 'session-ended' };
  const services: TileServices = {
    gate: { alive: () => bench.alive, rightsVersion: () => bench.version },
    devices: {
      get: (id) =>
        id.startsWith('cam')
          ? ({ id, kind: 'camera', num: 1 } as DeviceRecord)
          : ({ id, kind: 'ap', num: 2 } as DeviceRecord),
    },
    desk: {
      rights: {
        decide: (_viewer, action) => decide(action),
        // Silent, so that a test proves that rights are asked for at each sending.
        guard: () => ({ signal: new AbortController().signal, done: () => undefined }),
        onChange: () => undefined,
        guarded: () => 0,
        stop: () => undefined,
      },
      playback: {
        async live(_viewer: Viewer, cameraId: string) {
          bench.record.push(`start ${cameraId}`);
          bench.views += 1;
          return () => {
            bench.views -= 1;
          };
        },
      } as TileServices['desk']['playback'],
      async refusal(_viewer, device, action) {
        bench.record.push(`refused ${device.id} ${action}`);
        return { code: 'no-right' } as Awaited<ReturnType<TileServices['desk']['refusal']>>;
      },
    },
    feeds: {
      choose: (cameraId, tracks) =>
        cameraId === 'cam-silent' && tracks.includes('sound')
          ? { none: 'no-stream' }
          : { track: tracks[0] ?? 'main' },
      follow(cameraId, track, listener) {
        const key = `${cameraId} ${track}`;
        const all = bench.listeners.get(key) ?? new Set();
        bench.listeners.set(key, all.add(listener));
        bench.record.push(`follow ${key}`);
        return { stop: () => void all.delete(listener) };
      },
    },
    clock,
    log: createLogger('silent'),
  };

  /** Everybody who follows gets this frame. */
  function frame(cameraId: string, n: number, size = 2_000, more: Partial<FeedFragment> = {}) {
    const fragment: FeedFragment = {
      ...{ format, run: 1, utcMs: START + bench.steady, mediaTimeS: n / 20, durationUs: 50_000 },
      ...{ keyframe: n % 20 === 0, bytes: Buffer.alloc(size, n), ...more },
    };
    for (const listener of bench.listeners.get(`${cameraId} main`) ?? []) listener.fragment(fragment);
  }

  /** A console at the other end of a connection that holds what it does not read. */
  function connect() {
    const told: TilesMessage[] = [];
    const got: { tile: number; number: number; kind: string; n: number; bytes: number }[] = [];
    let closed: number | 'terminated' | undefined;
    let pings = 0;
    const client = createTileClient(
      {
        bufferedAmount: 0,
        get open() {
          return closed === undefined;
        },
        sendText: (text) => told.push(TilesMessage.parse(JSON.parse(text))),
        sendBytes(header, payload) {
          const whole = readTileBytes(Uint8Array.from(Buffer.concat([header, payload])).buffer);
          if (!whole) throw new Error('not understood');
          const n = whole.kind === 'fragment' ? Math.round(whole.mediaTimeS * 20) : -1;
          got.push({
            tile: whole.tile,
            number: whole.number,
            kind: whole.kind,
            n,
            bytes: whole.bytes.length,
          });
        },
        ping: () => {
          pings += 1;
        },
        close: (code) => {
          closed = code;
        },
        terminate: () => {
          closed = 'terminated';
        },
      },
      viewer,
      services,
    );
    const say = (message: TilesRequest | string) =>
      client.message(Buffer.from(typeof message === 'string' ? message : JSON.stringify(message)));
    const settled = () => new Promise((resolve) => setImmediate(resolve));
    return {
      client,
      told,
      got,
      say,
      settled,
      closed: () => closed,
      pings: () => pings,
      async open(tile: number, cameraId: string, tracks: ('main' | 'second' | 'sound')[] = ['main']) {
        say({ type: 'open', tile, cameraId, tracks });
        await settled();
      },
      /** Takes in all that came. */
      ackAll() {
        const last = new Map(got.map(({ tile, number }) => [tile, number]));
        if (last.size > 0) say({ type: 'ack', upTo: [...last] });
      },
      frames: (tile: number) =>
        got.filter((one) => one.tile === tile && one.kind === 'fragment').map(({ n }) => n),
    };
  }

  return Object.assign(bench, { frame, connect });
}
