import {
  readTileBytes,
  type TileBytes,
  type TileEndReason,
  TilesMessage,
  type TilesRequest,
} from '../../main/contract/tile-wire.ts';
import type { StreamProblemCode, TrackName } from '../../main/contract/video.ts';
import { reconnectDelay, type Socket, type SocketHandlers } from './events.ts';

export interface TileListener {
  opened(track: TrackName): void;
  /** A format or a fragment. To be acknowledged by its number when it is taken in. */
  bytes(message: TileBytes): void;
  /** So many fragments were left out. */
  behind(dropped: number): void;
  /** The camera's stream broke off for now. */
  down(problem: StreamProblemCode | null): void;
  /** The hub ended it; nothing more comes. */
  ended(reason: TileEndReason, detail: string): void;
  /** The connection broke; nothing more comes. It may be opened anew at once. */
  lost(): void;
}

export interface OpenTile {
  acknowledge(number: number): void;
  /** The listener is not called after it. */
  close(): void;
}

export interface TileConnection {
  /** Opens a tile; waits for the connection where there is none yet. */
  open(cameraId: string, tracks: readonly TrackName[], listener: TileListener): OpenTile;
  /** False while the connection cannot be had: pictures must come another way. */
  usable(): boolean;
  /** Called when `usable` changed. @returns the function that ends it */
  onUsable(listener: () => void): () => void;
  /** The hub's clock, UTC ms; undefined before it was heard. */
  hubNow(): number | undefined;
  stop(): void;
}

export interface TileConnectionOptions {
  connect: (handlers: SocketHandlers) => Socket;
  /** Monotonic ms. */
  now: () => number;
  /** @returns the function that cancels it */
  later: (ms: number, run: () => void) => () => void;
  /** 0 to 1, for the jitter. */
  random: () => number;
}

const ACKNOWLEDGE_EVERY_MS = 50;
const PING_EVERY_MS = 5_000;
/** Neither opened nor answered in this time: it does not work. */
const SILENCE_MS = 4_000;
/** Without tiles the connection is kept so long. */
const IDLE_MS = 10_000;
/** The shortest round trip of so many pings tells the clock best. */
const CLOCK_SAMPLES = 8;

interface Tile {
  cameraId: string;
  tracks: readonly TrackName[];
  listener: TileListener;
  /** Its number on this connection; 0 while it waits for one. */
  number: number;
}

/** The one connection over which all live tiles of this console come (`main/contract/tile-wire.ts`). */
export function createTileConnection({ connect, now, later, random }: TileConnectionOptions): TileConnection {
  const tiles = new Set<Tile>();
  const byNumber = new Map<number, Tile>();
  const taken = new Map<number, number>();
  const listeners = new Set<() => void>();
  let socket: Socket | null = null;
  let isOpen = false;
  let lastNumber = 0;
  let usable = true;
  let failures = 0;
  let stopped = false;
  let cancelRetry: (() => void) | null = null;
  let cancelPing: (() => void) | null = null;
  let cancelSilence: (() => void) | null = null;
  let cancelIdle: (() => void) | null = null;
  let cancelAcknowledge: (() => void) | null = null;
  let pingId = 0;
  let pingAt = 0;
  let clock: { trip: number; ahead: number }[] = [];

  const send = (request: TilesRequest) => {
    if (isOpen) socket?.send(JSON.stringify(request));
  };

  const setUsable = (value: boolean) => {
    if (usable === value) return;
    usable = value;
    for (const listener of [...listeners]) listener();
  };

  const ask = (tile: Tile) => {
    lastNumber += 1;
    tile.number = lastNumber;
    byNumber.set(tile.number, tile);
    send({ type: 'open', tile: tile.number, cameraId: tile.cameraId, tracks: [...tile.tracks] });
  };

  const ping = () => {
    pingId += 1;
    pingAt = now();
    send({ type: 'ping', id: pingId });
    cancelSilence?.();
    cancelSilence = later(SILENCE_MS, fail);
  };

  const heard = (message: TilesMessage) => {
    switch (message.type) {
      case 'pong': {
        if (message.id !== pingId) return;
        const at = now();
        const trip = at - pingAt;
        clock = [...clock, { trip, ahead: message.at + trip / 2 - at }].slice(-CLOCK_SAMPLES);
        cancelSilence?.();
        cancelSilence = null;
        failures = 0;
        setUsable(true);
        cancelPing?.();
        cancelPing = later(PING_EVERY_MS, ping);
        return;
      }
      case 'opened':
        byNumber.get(message.tile)?.listener.opened(message.track);
        return;
      case 'behind':
        byNumber.get(message.tile)?.listener.behind(message.dropped);
        return;
      case 'down':
        byNumber.get(message.tile)?.listener.down(message.problem);
        return;
      case 'ended': {
        const tile = byNumber.get(message.tile);
        if (!tile) return;
        forget(tile);
        tile.listener.ended(message.reason, message.detail);
        return;
      }
    }
  };

  const take = (data: unknown) => {
    if (data instanceof ArrayBuffer) {
      const message = readTileBytes(data);
      if (message) byNumber.get(message.tile)?.listener.bytes(message);
      return;
    }
    let body: unknown;
    try {
      body = JSON.parse(typeof data === 'string' ? data : '');
    } catch {
      // Whatever answers there, it is not the hub.
      fail();
      return;
    }
    // A message of a kind that a newer hub may send is passed over.
    const parsed = TilesMessage.safeParse(body);
    if (parsed.success) heard(parsed.data);
  };

  /** Ends the connection that there is, and all that hung on it. */
  const disconnect = () => {
    for (const cancel of [cancelPing, cancelSilence, cancelAcknowledge]) cancel?.();
    cancelPing = null;
    cancelSilence = null;
    cancelAcknowledge = null;
    const old = socket;
    socket = null;
    isOpen = false;
    lastNumber = 0;
    byNumber.clear();
    taken.clear();
    old?.close();
  };

  const fail = () => {
    const proven = isOpen && clock.length > 0 && cancelPing !== null;
    disconnect();
    const waiting = [...tiles];
    tiles.clear();
    // One that worked until now may well work again at once. One that never answered may never: somebody waits for
    // a picture, which comes another way meanwhile; should this one answer later, it takes the picture over.
    if (!proven) {
      failures += 1;
      setUsable(false);
    }
    if (!stopped && !cancelRetry && (waiting.length > 0 || !usable))
      cancelRetry = later(reconnectDelay(failures, random()), () => {
        cancelRetry = null;
        open();
      });
    for (const tile of waiting) tile.listener.lost();
  };

  const open = () => {
    if (stopped || socket) return;
    cancelSilence = later(SILENCE_MS, fail);
    socket = connect({
      opened: () => {
        isOpen = true;
        ping();
        for (const tile of tiles) ask(tile);
        restWhenIdle();
      },
      closed: fail,
      message: take,
    });
  };

  const restWhenIdle = () => {
    cancelIdle?.();
    cancelIdle = null;
    if (tiles.size > 0) return;
    cancelIdle = later(IDLE_MS, () => {
      cancelIdle = null;
      if (tiles.size === 0) disconnect();
    });
  };

  const forget = (tile: Tile) => {
    tiles.delete(tile);
    taken.delete(tile.number);
    byNumber.delete(tile.number);
    restWhenIdle();
  };

  const acknowledge = () => {
    cancelAcknowledge = null;
    if (taken.size === 0) return;
    send({ type: 'ack', upTo: [...taken] });
    taken.clear();
  };

  return {
    open(cameraId, tracks, listener) {
      const tile: Tile = { cameraId, tracks, listener, number: 0 };
      tiles.add(tile);
      restWhenIdle();
      if (isOpen) ask(tile);
      else if (!cancelRetry) open();
      return {
        acknowledge(number) {
          if (!tiles.has(tile) || tile.number === 0) return;
          taken.set(tile.number, number);
          cancelAcknowledge ??= later(ACKNOWLEDGE_EVERY_MS, acknowledge);
        },
        close() {
          if (!tiles.has(tile)) return;
          if (byNumber.has(tile.number)) send({ type: 'close', tile: tile.number });
          forget(tile);
        },
      };
    },
    usable: () => usable,
    onUsable(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    hubNow() {
      const best = clock.reduce<{ trip: number; ahead: number } | undefined>(
        (least, one) => (least && least.trip <= one.trip ? least : one),
        undefined,
      );
      return best && best.ahead + now();
    },
    stop() {
      stopped = true;
      for (const cancel of [cancelRetry, cancelIdle]) cancel?.();
      tiles.clear();
      listeners.clear();
      disconnect();
    },
  };
}
