import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { manualClock } from '../base/clock.ts';
import { createLogger } from '../base/logging.ts';
import { createRefusals, type Refusals } from './refusals.ts';
import { createUnauthenticated, type Opened, type Unauthenticated } from './unauthenticated.ts';

class Connection extends EventEmitter implements Opened {
  ended: 'no' | 'closed' | 'reset' = 'no';
  readonly remoteAddress: string;
  readonly remotePort: number;
  constructor(remoteAddress: string, remotePort: number) {
    super();
    this.remoteAddress = remoteAddress;
    this.remotePort = remotePort;
  }
  destroy(): void {
    this.ended = 'closed';
    this.emit('close');
  }
  resetAndDestroy(): void {
    this.ended = 'reset';
    this.emit('close');
  }
}

const PER_ADDRESS = 3;
let clock: ReturnType<typeof manualClock>;
let refusals: Refusals;
let door: Unauthenticated;
let port = 1;
beforeEach(() => {
  vi.useFakeTimers();
  clock = manualClock();
  refusals = createRefusals({ clock, log: createLogger('silent') });
  door = createUnauthenticated({ perAddress: PER_ADDRESS, timeoutMs: 10_000, refusals, clock });
});
afterEach(() => {
  door.stop();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

function open(address: string): { connection: Connection; admitted: boolean } {
  const connection = new Connection(address, port++);
  return { connection, admitted: door.admit(connection) };
}
const opened = (address: string, count: number) => Array.from({ length: count }, () => open(address));
const letIn = (tries: { admitted: boolean }[]) => tries.filter(({ admitted }) => admitted).length;

it('one address holds no more than its share of connections that say nothing; others come in beside it', () => {
  const own = opened('10.0.0.1', 5);
  expect(letIn(own)).toBe(PER_ADDRESS);
  expect(own.map(({ connection }) => connection.ended)).toEqual(['no', 'no', 'no', 'reset', 'reset']);
  expect(refusals.totals().address).toBe(2);
  // The same address as IPv6 carries it; another one of the same subscriber's network; strangers.
  expect(open('::ffff:10.0.0.1').admitted).toBe(false);
  expect(open('10.0.0.2').admitted).toBe(true);
  expect(letIn(opened('2001:db8:1:2::a', 2)) + letIn(opened('2001:db8:1:2::b', 2))).toBe(PER_ADDRESS);
});

it('who proved himself, or left, counts no more', () => {
  const [first, second] = opened('10.0.0.1', PER_ADDRESS);
  if (!first || !second) throw new Error('no connection');
  door.proved(first.connection);
  second.connection.destroy();
  expect(letIn(opened('10.0.0.1', 3))).toBe(2);
  // His end later is nobody's second leaving.
  first.connection.destroy();
  expect(open('10.0.0.1').admitted).toBe(false);
});

it('silence is ended after its time, on this machine too; an event loop that hung is not held against anybody', () => {
  const { connection } = open('127.0.0.1');
  const { connection: known } = open('10.0.0.1');
  door.proved(known);
  clock.advance(60_000);
  vi.advanceTimersByTime(10_000);
  expect(connection.ended).toBe('no');
  vi.advanceTimersByTime(1_000);
  expect([connection.ended, known.ended]).toEqual(['closed', 'no']);
  expect(refusals.totals().silent).toBe(1);
});

it('who guesses is turned away, slower and slower until he rests; his neighbours and this machine are not', () => {
  for (let i = 0; i < 200; i++) door.failed('10.0.0.1');
  expect(open('10.0.0.1').admitted).toBe(false);
  expect(refusals.totals().guessing).toBe(1);
  expect(open('10.0.0.2').admitted).toBe(true);
  for (let i = 0; i < 500; i++) door.failed('127.0.0.1');
  expect(open('127.0.0.1').admitted).toBe(true);
  // Ten more a second.
  clock.advance(100);
  expect(open('10.0.0.1').admitted).toBe(true);
  door.failed('10.0.0.1');
  expect(open('10.0.0.1').admitted).toBe(false);
  clock.advance(20_000);
  for (let i = 0; i < 199; i++) door.failed('10.0.0.1');
  expect(open('10.0.0.1').admitted).toBe(true);
});
