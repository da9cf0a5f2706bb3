import { isIPv6 } from 'node:net';
import type { Clock } from '../base/clock.ts';

const SECOND = 1000;
const LONGEST_WAIT_MS = 15 * 60 * SECOND;
const FORGET_MS = 60 * 60 * SECOND;
const MOST_KEYS = 10_000;
/** Failures that cost no wait: of one login from one address, and of one address whatever the login. */
const FREE_PAIR = 3;
const FREE_ADDRESS = 20;
/** From this many failures of one login, whatever the address, each new address has a single free try. */
const LOGIN_UNDER_ATTACK = 10;

export type Attempt = { admitted: true; succeeded(): void } | { admitted: false; retryAfterS: number };

export interface Throttle {
  /** Counts as failed until told otherwise: many at the same moment gain nothing. */
  attempt(login: string, from: string): Attempt;
  /** How many logins, addresses and pairs are remembered. */
  size(): number;
}

interface Tally {
  failures: number;
  until: number;
  at: number;
}

/**
 * Slows guessing down: each failure doubles the wait of that login from that address, many failures from one
 * address make all its strangers wait, and a login that is tried from everywhere gives each address one try.
 * Who signed in from an address before is only held up by failures of his own login there, and somebody
 * else's guessing elsewhere never locks him out. What is remembered is bounded; waits run on monotonic time.
 */
export function createThrottle(clock: Clock): Throttle {
  const pairs = new Map<string, Tally>();
  const addresses = new Map<string, Tally>();
  const logins = new Map<string, Tally>();
  const welcome = new Map<string, true>();

  function tally(map: Map<string, Tally>, key: string): Tally {
    const now = clock.monotonic();
    const known = map.get(key);
    const current = known && now - known.at < FORGET_MS ? known : { failures: 0, until: 0, at: now };
    current.at = now;
    remember(map, key, current);
    return current;
  }

  return {
    attempt(login, from) {
      const now = clock.monotonic();
      const address = addressKey(from);
      const pairKey = `${login}\n${address}`;
      const pair = tally(pairs, pairKey);
      const place = tally(addresses, address);
      const target = tally(logins, login);
      const until = Math.max(pair.until, welcome.has(pairKey) ? 0 : place.until);
      if (until > now) return { admitted: false, retryAfterS: Math.ceil((until - now) / SECOND) };

      const free = target.failures >= LOGIN_UNDER_ATTACK ? 1 : FREE_PAIR;
      for (const one of [pair, place, target]) one.failures += 1;
      pair.until = now + waitAfter(pair.failures - free);
      place.until = now + waitAfter(place.failures - FREE_ADDRESS);
      return {
        admitted: true,
        succeeded() {
          pairs.delete(pairKey);
          remember(welcome, pairKey, true);
          for (const one of [place, target]) one.failures = Math.max(0, one.failures - 1);
          place.until = Math.min(place.until, now + waitAfter(place.failures - FREE_ADDRESS));
        },
      };
    },
    size: () => pairs.size + addresses.size + logins.size + welcome.size,
  };
}

const waitAfter = (over: number): number =>
  over < 0 ? 0 : Math.min(LONGEST_WAIT_MS, SECOND * 2 ** Math.min(over, 30));

/** Newest last; the oldest goes when there are too many. */
function remember<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key);
  map.set(key, value);
  if (map.size <= MOST_KEYS) return;
  const oldest = map.keys().next();
  if (!oldest.done) map.delete(oldest.value);
}

/** One customer is one address: IPv4 whole, also when written as IPv6; of IPv6 the first 64 bits. */
export function addressKey(from: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(from)?.[1];
  if (mapped) return mapped;
  if (!isIPv6(from)) return from;
  const [head = '', tail] = from.toLowerCase().split('%')[0]?.split('::') ?? [];
  const front = head === '' ? [] : head.split(':');
  const back = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : 8 - front.length - back.length;
  const groups = [...front, ...Array<string>(zeros).fill('0'), ...back];
  return `${groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')}::/64`;
}
