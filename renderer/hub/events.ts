import { EventsMessage, type EventsRequest } from '../../main/contract/events.ts';

/** The part of a WebSocket that is used, so that tests need no network. */
export interface Socket {
  send(text: string): void;
  /** None of the handlers is called after it. */
  close(): void;
}

export interface SocketHandlers {
  opened(): void;
  /** Closed by the other side, or failed. */
  closed(): void;
  message(data: unknown): void;
}

export interface EventsOptions {
  connect: (handlers: SocketHandlers) => Socket;
  /** Monotonic ms. */
  now: () => number;
  /** @returns the function that cancels it */
  later: (ms: number, run: () => void) => () => void;
  /** 0 to 1, for the jitter. */
  random: () => number;
}

/** `since` is monotonic ms of the last change between connected and not. */
export interface LinkState {
  connected: boolean;
  since: number;
}

export interface EventsLink {
  /** @returns the function that ends it */
  on(listener: (message: EventsMessage) => void): () => void;
  /** Called when `state` changed. @returns the function that ends it */
  onState(listener: () => void): () => void;
  state(): LinkState;
  /** Keeps these devices watched until the returned function is called; overlapping callers are counted. */
  watch(deviceIds: readonly string[]): () => void;
  /** Tries at once instead of waiting out the pause between attempts. */
  retryNow(): void;
  stop(): void;
}

const PING_MS = 15_000;
const SILENCE_MS = 25_000;
const MOST_WATCHED = 200;

/** Pause before attempt `attempt` (from 0), ms: half a second doubling to ten, give or take a quarter. */
export function reconnectDelay(attempt: number, random: number): number {
  return Math.min(500 * 2 ** Math.min(attempt, 10), 10_000) * (0.75 + random / 2);
}

/**
 * The event socket with all it takes to trust it: says hello with the cursor it has, pings, counts silence as a
 * break, reconnects with jitter so that a restarted hub does not meet every console at once.
 */
export function createEventsLink({ connect, now, later, random }: EventsOptions): EventsLink {
  const listeners = new Set<(message: EventsMessage) => void>();
  const stateListeners = new Set<() => void>();
  const watched = new Map<string, number>();
  let socket: Socket | null = null;
  let cursor: string | undefined;
  let link: LinkState = { connected: false, since: now() };
  let attempt = 0;
  let heardAt = now();
  let stopped = false;
  let cancelRetry: (() => void) | null = null;
  let cancelPing: (() => void) | null = null;
  let cancelWatch: (() => void) | null = null;

  const send = (request: EventsRequest) => socket?.send(JSON.stringify(request));
  const sendWatch = () => send({ type: 'watch', deviceIds: [...watched.keys()].slice(0, MOST_WATCHED) });
  /** Several cards may come and go in one render: one message tells the outcome. */
  const watchSoon = () => {
    if (!link.connected || cancelWatch) return;
    cancelWatch = later(20, () => {
      cancelWatch = null;
      if (link.connected) sendWatch();
    });
  };
  const setConnected = (connected: boolean) => {
    if (link.connected === connected) return;
    link = { connected, since: now() };
    for (const listener of stateListeners) listener();
  };

  const ping = () => {
    cancelPing = later(PING_MS, () => {
      if (now() - heardAt > SILENCE_MS) {
        drop();
        return;
      }
      send({ type: 'ping' });
      ping();
    });
  };

  const take = (data: unknown) => {
    heardAt = now();
    let body: unknown;
    try {
      body = JSON.parse(typeof data === 'string' ? data : '');
    } catch {
      // Not even JSON: whatever answers there, it is not the hub's stream.
      drop();
      return;
    }
    // A message of a kind that a newer hub may send is passed over; the rest of the stream is still good.
    const parsed = EventsMessage.safeParse(body);
    if (!parsed.success) return;
    if ('cursor' in parsed.data) cursor = parsed.data.cursor;
    for (const listener of [...listeners]) listener(parsed.data);
  };

  const drop = () => {
    cancelPing?.();
    cancelPing = null;
    cancelWatch?.();
    cancelWatch = null;
    const old = socket;
    socket = null;
    old?.close();
    setConnected(false);
    if (stopped || cancelRetry) return;
    cancelRetry = later(reconnectDelay(attempt++, random()), () => {
      cancelRetry = null;
      open();
    });
  };

  const open = () => {
    socket = connect({
      opened: () => {
        heardAt = now();
        attempt = 0;
        send(cursor === undefined ? { type: 'hello' } : { type: 'hello', cursor });
        if (watched.size > 0) sendWatch();
        setConnected(true);
        ping();
      },
      closed: drop,
      message: take,
    });
  };
  open();

  return {
    on(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onState(listener) {
      stateListeners.add(listener);
      return () => stateListeners.delete(listener);
    },
    state: () => link,
    watch(deviceIds) {
      for (const id of deviceIds) watched.set(id, (watched.get(id) ?? 0) + 1);
      watchSoon();
      return () => {
        for (const id of deviceIds) {
          const left = (watched.get(id) ?? 1) - 1;
          if (left > 0) watched.set(id, left);
          else watched.delete(id);
        }
        watchSoon();
      };
    },
    retryNow() {
      if (stopped || socket) return;
      cancelRetry?.();
      cancelRetry = null;
      open();
    },
    stop() {
      stopped = true;
      cancelRetry?.();
      cancelRetry = null;
      drop();
      listeners.clear();
      stateListeners.clear();
    },
  };
}
