import type { Clock } from '../base/clock.ts';
import { isLocal as isLoopback, sharerOf } from './address-share.ts';
import type { Refusals } from './refusals.ts';

/** Failed sign-ins of one address before it is held back: a gateway's devices may all have old secrets. */
const FAILURES_AT_ONCE = 200;
/** How many more a second from then on. */
const FAILURES_A_SECOND = 10;
const LOOK_EVERY_MS = 1_000;

interface OtherSide {
  readonly remoteAddress?: string | undefined;
  readonly remotePort?: number | undefined;
}
/** As much of a socket as is needed here. */
export interface Opened extends OtherSide {
  destroy(): unknown;
  resetAndDestroy(): unknown;
  once(event: 'close', listener: () => void): unknown;
}

/** Connections to the embedded broker that have not proved who they are, and addresses that fail to. */
export interface Unauthenticated {
  /** A connection was opened, TLS or not. False: it was ended. */
  admit(socket: Opened): boolean;
  /** It proved who it is. @param socket the same connection, perhaps within TLS */
  proved(socket: OtherSide): void;
  /** It showed a wrong secret, a certificate that does not count, or no MQTT at all. */
  failed(address: string | undefined): void;
  stop(): void;
}

interface Waiting {
  socket: Opened;
  sharer: string;
  /** Looks at it since it was opened. */
  looks: number;
}

/** What one address did lately. */
interface Record {
  waiting: number;
  /** Failures that it may still afford; below zero it is turned away. */
  left: number;
  at: number;
}

/**
 * Holds back who takes room without saying who he is: a connection has so many looks to prove itself, one address so
 * many of them at a time, and so many failures. Looks, not milliseconds: while a whole city comes back the event loop
 * is late, and what a device sent already must not count as silence. Programs of this machine, among them a proxy
 * before it, are only held to the time.
 */
export function createUnauthenticated(options: {
  perAddress: number;
  /** Programs of this machine; loopback. */
  isLocal?: ((address: string) => boolean) | undefined;
  timeoutMs: number;
  refusals: Refusals;
  clock: Clock;
}): Unauthenticated {
  const { perAddress, timeoutMs, refusals, clock, isLocal = isLoopback } = options;
  const lookEveryMs = Math.min(LOOK_EVERY_MS, timeoutMs);
  const looksAllowed = Math.ceil(timeoutMs / lookEveryMs);
  /** By port of the other side, which TLS and what it runs on have in common. */
  const waiting = new Map<string, Waiting>();
  const records = new Map<string, Record>();

  function recordOf(sharer: string): Record {
    const now = clock.monotonic();
    const found = records.get(sharer) ?? { waiting: 0, left: FAILURES_AT_ONCE, at: now };
    found.left = Math.min(FAILURES_AT_ONCE, found.left + ((now - found.at) / 1000) * FAILURES_A_SECOND);
    found.at = now;
    records.set(sharer, found);
    return found;
  }

  /** Nothing is kept of an address that owes nothing. */
  function forgetClean(sharer: string): void {
    const found = recordOf(sharer);
    if (found.waiting === 0 && found.left >= FAILURES_AT_ONCE) records.delete(sharer);
  }

  function over(key: string): void {
    const entry = waiting.get(key);
    if (!entry || !waiting.delete(key)) return;
    recordOf(entry.sharer).waiting -= 1;
    forgetClean(entry.sharer);
  }

  function refusalOf(sharer: string): 'guessing' | 'address' | undefined {
    const { left, waiting: own } = recordOf(sharer);
    if (left < 1) return 'guessing';
    return own >= perAddress ? 'address' : undefined;
  }

  const looking = setInterval(() => {
    for (const [key, entry] of waiting) {
      entry.looks += 1;
      if (entry.looks <= looksAllowed) continue;
      refusals.count('silent', entry.sharer);
      over(key);
      entry.socket.destroy();
    }
    for (const sharer of records.keys()) forgetClean(sharer);
  }, lookEveryMs);

  return {
    admit(socket) {
      const key = keyOf(socket);
      // Gone before it was looked at.
      if (key === undefined) {
        socket.destroy();
        return false;
      }
      const address = socket.remoteAddress ?? '';
      const sharer = sharerOf(address);
      const reason = isLocal(address) ? undefined : refusalOf(sharer);
      if (reason !== undefined) {
        forgetClean(sharer);
        refusals.count(reason, sharer);
        // Nothing of it stays, not even in the system: whoever asks again does so anew.
        socket.resetAndDestroy();
        return false;
      }
      over(key);
      waiting.set(key, { socket, sharer, looks: 0 });
      recordOf(sharer).waiting += 1;
      socket.once('close', () => {
        if (waiting.get(key)?.socket === socket) over(key);
      });
      return true;
    },
    proved(socket) {
      const key = keyOf(socket);
      if (key !== undefined) over(key);
    },
    failed(address) {
      if (address === undefined || isLocal(address)) return;
      const found = recordOf(sharerOf(address));
      found.left = Math.max(0, found.left - 1);
    },
    stop() {
      clearInterval(looking);
      waiting.clear();
      records.clear();
    },
  };
}

const keyOf = ({ remoteAddress, remotePort }: OtherSide): string | undefined =>
  remoteAddress === undefined || remotePort === undefined ? undefined : `${remoteAddress} ${remotePort}`;
