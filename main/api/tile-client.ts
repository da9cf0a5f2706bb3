import type { Viewer } from '../access/types.ts';
import {
  formatHeader,
  fragmentHeader,
  MOST_TILES,
  TILES_SIGNED_OUT,
  type TileEndReason,
  type TilesMessage,
  TilesRequest,
} from '../contract/tile-wire.ts';
import { LIVE_WINDOW_MS } from '../contract/video.ts';
import { CLOSE_POLICY, createMessageIntake } from './message-intake.ts';
import { createSendWindow } from './send-window.ts';
import { createTile, type Tile, type TileServices } from './tile.ts';
import type { FeedFragment } from './tile-feed.ts';

const PING_EVERY_MS = 15_000;
/** A console that takes nothing in for so long is gone, whatever its connection says, ms. */
const SILENT_LIMIT_MS = 20_000;
/** Without a tile a connection is kept so long, ms. */
const IDLE_LIMIT_MS = 60_000;
/** In the process's own memory; the console's acknowledgements bound it well before. */
const MOST_BUFFERED_BYTES = 16 * 1024 * 1024;
/** In ten seconds. */
const MESSAGES_LIMIT = 400;

const CLOSE_NORMAL = 1000;

/** The connection as it is needed here. */
export interface TilePort {
  readonly bufferedAmount: number;
  readonly open: boolean;
  sendText(text: string): void;
  /** One binary message of two pieces. */
  sendBytes(header: Uint8Array, payload: Buffer): void;
  ping(): void;
  close(code: number, reason: string): void;
  terminate(): void;
}

/** One console's connection with all its tiles. */
export interface TileClient {
  readonly viewer: Viewer;
  message(bytes: Buffer): void;
  pong(): void;
  /** Looks after pings and silence; called each second or so. */
  tick(): void;
  tiles(): number;
  /** The connection is gone: ends all tiles. */
  closed(): void;
}

export function createTileClient(port: TilePort, viewer: Viewer, services: TileServices): TileClient {
  const { gate, clock } = services;
  const tiles = new Map<number, Tile>();
  const window = createSendWindow();
  const intake = createMessageIntake(TilesRequest, clock, MESSAGES_LIMIT);
  let highestTile = 0;
  /** How much a tile has got whose turn it is now (start-time fair queuing). */
  let turn = 0;
  let version = gate.rightsVersion(viewer);
  let lastPing = clock.monotonic();
  let answered = true;
  let idleSince = clock.monotonic();
  let ended = false;

  const send = (message: TilesMessage) => {
    if (port.open) port.sendText(JSON.stringify(message));
  };

  function finish(close: () => void): void {
    if (ended) return;
    ended = true;
    for (const tile of [...tiles.values()]) remove(tile);
    close();
  }

  const refuse = (code: number, why: string) => finish(() => port.close(code, why));

  function remove(tile: Tile): void {
    if (!tiles.delete(tile.number)) return;
    window.forget(tile.unacknowledged());
    tile.stop();
    if (tiles.size === 0) idleSince = clock.monotonic();
  }

  function endTile(tile: Tile, reason: TileEndReason, detail: string): void {
    if (!tiles.has(tile.number)) return;
    remove(tile);
    send({ type: 'ended', tile: tile.number, reason, detail });
    // The room that its bytes took belongs to the others now.
    pump();
  }

  /** Asks anew for the rights of every tile when any of this person's may have changed. False: nothing may go out. */
  function mayGoOn(): boolean {
    const now = gate.rightsVersion(viewer);
    if (now === version) return true;
    version = now;
    if (!gate.alive(viewer)) {
      finish(() => port.close(TILES_SIGNED_OUT, 'signed out'));
      return false;
    }
    const over = [...tiles.values()].flatMap((tile) => {
      const decision = tile.mayGoOn();
      return decision.allowed ? [] : [{ tile, reason: decision.reason }];
    });
    // All of them before any is told: the room that one leaves must not go to another that is over as well.
    for (const { tile } of over) remove(tile);
    for (const { tile, reason } of over)
      send({ type: 'ended', tile: tile.number, reason: 'no-right', detail: reason });
    return !ended;
  }

  /** The tile whose turn it is: of those that have something, the one that got least. */
  function next(): Tile | undefined {
    let best: Tile | undefined;
    for (const tile of tiles.values())
      if (tile.queue.length() > 0 && (!best || tile.served < best.served)) best = tile;
    return best;
  }

  function sendFragment(tile: Tile, fragment: FeedFragment): void {
    const now = clock.monotonic();
    const dropped = tile.queue.takeDropped();
    if (dropped > 0) send({ type: 'behind', tile: tile.number, dropped });
    const { format, bytes, ...times } = fragment;
    let weight = bytes.length;
    if (tile.formatSent !== format.hash) {
      tile.formatSent = format.hash;
      const number = tile.sent(format.bytes.length, now);
      port.sendBytes(formatHeader(tile.number, number, format), format.bytes);
      weight += format.bytes.length;
    }
    const number = tile.sent(bytes.length, now);
    port.sendBytes(fragmentHeader({ tile: tile.number, number, ...times }), bytes);
    window.sent(weight);
  }

  /** Sends what there is room for, fairly. */
  function pump(): void {
    while (!ended && port.open && window.hasRoom() && port.bufferedAmount < MOST_BUFFERED_BYTES) {
      const tile = next();
      if (!tile || !mayGoOn()) return;
      // Its right may just have ended.
      if (!tiles.has(tile.number)) continue;
      turn = Math.max(turn, tile.served);
      const fragment = tile.queue.shift(clock.monotonic());
      if (fragment && fragment.utcMs >= clock.now() - LIVE_WINDOW_MS) sendFragment(tile, fragment);
    }
  }

  /** A tile that had nothing to send neither saved up a claim nor pays for what nobody else wanted. */
  function joinTurn(tile: Tile): void {
    if (tile.queue.length() === 0) tile.served = Math.max(tile.served, turn);
  }

  function open(request: Extract<TilesRequest, { type: 'open' }>): void {
    if (request.tile <= highestTile) {
      refuse(CLOSE_POLICY, 'tile numbers only grow');
      return;
    }
    highestTile = request.tile;
    if (tiles.size >= MOST_TILES) {
      send({ type: 'ended', tile: request.tile, reason: 'too-many', detail: String(MOST_TILES) });
      return;
    }
    const tile: Tile = createTile(request, viewer, services, {
      opened: (track) => send({ type: 'opened', tile: request.tile, track }),
      ended: (reason, detail) => endTile(tile, reason, detail),
      down: (problem) => send({ type: 'down', tile: request.tile, problem }),
      fragment(fragment) {
        joinTurn(tile);
        tile.queue.push(fragment, clock.monotonic());
        pump();
      },
    });
    tiles.set(request.tile, tile);
    tile.start();
  }

  function acknowledge(number: number, upTo: number): void {
    const tile = tiles.get(number);
    // Acknowledgements for a tile that has just ended are still on their way.
    if (!tile) return;
    const now = clock.monotonic();
    const taken = tile.acknowledge(upTo);
    if (!taken) {
      refuse(CLOSE_POLICY, 'acknowledged what was never sent');
      return;
    }
    for (const { bytes, sentAt } of taken) window.acknowledged(bytes, sentAt, now);
  }

  function handle(request: TilesRequest): void {
    switch (request.type) {
      case 'open':
        open(request);
        break;
      case 'close': {
        const tile = tiles.get(request.tile);
        if (tile) remove(tile);
        break;
      }
      case 'ack':
        for (const [tile, upTo] of request.upTo) if (!ended) acknowledge(tile, upTo);
        break;
      case 'ping':
        send({ type: 'pong', id: request.id, at: clock.now() });
        break;
    }
    pump();
  }

  return {
    viewer,
    tiles: () => tiles.size,
    pong() {
      answered = true;
    },
    message(bytes) {
      if (ended) return;
      const said = intake(bytes);
      if (said.request === undefined) refuse(said.code, said.reason);
      else if (mayGoOn()) handle(said.request);
    },
    tick() {
      if (ended || !port.open || !mayGoOn()) return;
      const now = clock.monotonic();
      if (now - lastPing >= PING_EVERY_MS) {
        if (!answered) {
          finish(() => port.terminate());
          return;
        }
        answered = false;
        lastPing = now;
        port.ping();
      }
      if (tiles.size === 0 && now - idleSince > IDLE_LIMIT_MS) refuse(CLOSE_NORMAL, 'idle');
      for (const tile of tiles.values())
        if (now - (tile.oldestSentAt() ?? now) > SILENT_LIMIT_MS) finish(() => port.terminate());
      pump();
    },
    closed: () => finish(() => undefined),
  };
}
