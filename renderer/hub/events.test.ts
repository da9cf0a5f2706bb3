import { beforeEach, describe, expect, it } from 'vitest';
import type { EventsMessage } from '../../main/contract/events.ts';
import { createEventsLink, type EventsLink, reconnectDelay, type SocketHandlers } from './events.ts';

interface FakeSocket extends SocketHandlers {
  sent: { type: string; cursor?: string; deviceIds?: string[] }[];
  shut: boolean;
}

let sockets: FakeSocket[];
let clock: number;
let timers: { at: number; run: () => void }[];
let link: EventsLink;

/** Lets `ms` pass, running what falls due, in order. */
function pass(ms: number) {
  const end = clock + ms;
  for (;;) {
    const next = timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
    if (!next) break;
    timers = timers.filter((timer) => timer !== next);
    clock = next.at;
    next.run();
  }
  clock = end;
}

const newest = (): FakeSocket => {
  const socket = sockets.at(-1);
  if (!socket) throw new Error('nothing was connected');
  return socket;
};

beforeEach(() => {
  sockets = [];
  clock = 0;
  timers = [];
  link = createEventsLink({
    connect: (handlers) => {
      const fake: FakeSocket = { ...handlers, sent: [], shut: false };
      sockets.push(fake);
      return {
        send: (text) => fake.sent.push(JSON.parse(text)),
        close: () => {
          fake.shut = true;
        },
      };
    },
    now: () => clock,
    later: (ms, run) => {
      const timer = { at: clock + ms, run };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    random: () => 0.5,
  });
});

describe('event link', () => {
  it('says hello first, and goes on from its cursor after a break', () => {
    newest().opened();
    expect(newest().sent).toEqual([{ type: 'hello' }]);
    newest().message(JSON.stringify({ type: 'reset', cursor: 'c1' }));
    newest().message(JSON.stringify({ type: 'status', cursor: 'c2', changes: [[1, 4, 5]] }));
    newest().closed();
    expect(link.state().connected).toBe(false);
    pass(1000);
    expect(sockets).toHaveLength(2);
    newest().opened();
    expect(newest().sent).toEqual([{ type: 'hello', cursor: 'c2' }]);
    expect(link.state().connected).toBe(true);
  });

  it('hands on what the contract knows and passes over the rest', () => {
    const heard: EventsMessage[] = [];
    link.on((message) => heard.push(message));
    newest().opened();
    newest().message('{"type":"of-a-newer-hub"}');
    newest().message('{"type":"rights"}');
    expect(heard).toEqual([{ type: 'rights' }]);
    expect(link.state().connected).toBe(true);
  });

  it('drops a line that does not speak JSON', () => {
    newest().opened();
    newest().message('<html>');
    expect(sockets[0]?.shut).toBe(true);
    expect(link.state().connected).toBe(false);
  });

  it('takes a silent line for a broken one', () => {
    newest().opened();
    pass(15_000);
    expect(newest().sent.at(-1)).toEqual({ type: 'ping' });
    newest().message('{"type":"pong","at":1}');
    pass(15_000);
    expect(link.state().connected).toBe(true);
    pass(15_000);
    expect(link.state().connected).toBe(false);
    expect(sockets[0]?.shut).toBe(true);
  });

  it('keeps watching what anybody still looks at, also on the next line', () => {
    newest().opened();
    const first = link.watch(['a', 'b']);
    const second = link.watch(['b']);
    pass(50);
    expect(newest().sent.at(-1)).toEqual({ type: 'watch', deviceIds: ['a', 'b'] });
    first();
    pass(50);
    expect(newest().sent.at(-1)).toEqual({ type: 'watch', deviceIds: ['b'] });
    newest().closed();
    pass(1000);
    newest().opened();
    expect(newest().sent).toEqual([{ type: 'hello' }, { type: 'watch', deviceIds: ['b'] }]);
    second();
    pass(50);
    expect(newest().sent.at(-1)).toEqual({ type: 'watch', deviceIds: [] });
  });

  it('leaves no timer and no line behind when stopped', () => {
    newest().opened();
    link.watch(['a']);
    link.stop();
    expect(timers).toEqual([]);
    expect(newest().shut).toBe(true);
    pass(60_000);
    expect(sockets).toHaveLength(1);
  });

  it('tries at once when asked, and only once', () => {
    newest().closed();
    link.retryNow();
    link.retryNow();
    expect(sockets).toHaveLength(2);
    pass(60_000);
    expect(sockets).toHaveLength(2);
  });
});

describe('pause between attempts', () => {
  it('grows to ten seconds and is never the same for all', () => {
    expect(reconnectDelay(0, 0.5)).toBe(500);
    expect(reconnectDelay(3, 0.5)).toBe(4000);
    expect(reconnectDelay(50, 0.5)).toBe(10_000);
    expect(reconnectDelay(50, 0)).toBe(7500);
    expect(reconnectDelay(50, 1)).toBe(12_500);
  });
});
