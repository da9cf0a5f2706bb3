import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { collectedLog } from '../../tests/support/health-harness.ts';
import { manualClock } from '../base/clock.ts';
import { createCommitGate } from './commit-gate.ts';
import { parseTopic, topicOf } from './topics.ts';
import type { InboundMessage, MessageSink } from './types.ts';

function message(text: string): InboundMessage {
  const topic = parseTopic(topicOf('moscow', 'ap', 'ap-1', 'event'));
  if (!topic) throw new Error('no topic');
  return { topic, payload: Buffer.from(text), retained: false, rxAt: 0 };
}

/** A sink that stores when the test lets it, and writes down what happened in which order. */
function recordingSink() {
  const order: string[] = [];
  let failure: Error | undefined;
  const sink: MessageSink = {
    knows: () => true,
    speaksFor: () => false,
    statuses: () => [],
    oversized: () => undefined,
    floods: () => false,
    take: ({ payload }) => void order.push(`take ${payload}`),
    async store(messages) {
      if (failure) throw failure;
      order.push(`store ${messages.map(({ payload }) => String(payload)).join('+')}`);
      return { taken: () => void order.push('taken') };
    },
    link: () => undefined,
    heard: () => undefined,
    storing: (since) => void order.push(since === null ? 'storing again' : 'storing fails'),
  };
  return { sink, order, fail: (error?: Error) => (failure = error) };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function open(sink: MessageSink) {
  return createCommitGate({ sink, clock: manualClock(), log: collectedLog().log, windowMs: 25 });
}

test('nothing is acknowledged before the batch is stored and taken', async () => {
  const { sink, order } = recordingSink();
  const gate = open(sink);
  for (const text of ['a', 'b'])
    gate.hold(message(text), (error) => order.push(error ? error.message : `ack ${text}`));
  await vi.advanceTimersByTimeAsync(24);
  expect(order).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(order).toEqual(['store a+b', 'take a', 'take b', 'taken', 'ack a', 'ack b']);
  await gate.stop();
});

test('what cannot be stored stays unacknowledged, is tried again, and is told once', async () => {
  const { sink, order, fail } = recordingSink();
  const gate = open(sink);
  fail(new Error('disk full'));
  gate.hold(message('a'), () => order.push('ack a'));
  await vi.advanceTimersByTimeAsync(3_500);
  expect(order).toEqual(['storing fails']);
  fail();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(order).toEqual(['storing fails', 'store a', 'take a', 'taken', 'storing again', 'ack a']);
  await gate.stop();
});

test('stopping stores what waits, and refuses what comes later', async () => {
  const { sink, order } = recordingSink();
  const gate = open(sink);
  gate.hold(message('a'), () => order.push('ack a'));
  await gate.stop();
  expect(order.at(-1)).toBe('ack a');
  gate.hold(message('b'), (error) => order.push(`refused: ${error?.message}`));
  expect(order.at(-1)).toBe('refused: the hub is stopping');
});

test('stopping while nothing can be stored refuses what waits instead of losing it', async () => {
  const { sink, order, fail } = recordingSink();
  const gate = open(sink);
  fail(new Error('disk full'));
  gate.hold(message('a'), (error) => order.push(`refused: ${error?.message}`));
  await gate.stop();
  expect(order).toEqual(['storing fails', 'refused: the hub is stopping']);
});

test('long messages are stored in several batches, and no more of them wait than memory bears', async () => {
  const { sink, fail } = recordingSink();
  const batches: number[] = [];
  const store = vi.spyOn(sink, 'store').mockImplementation(async (messages) => {
    batches.push(messages.length);
    return { taken: () => undefined };
  });
  const gate = open(sink);
  const long = message('x'.repeat(1024 * 1024));
  const results: string[] = [];
  const hold = () => gate.hold(long, (error) => results.push(error ? 'refused' : 'stored'));
  for (let count = 0; count < 20; count++) hold();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(batches).toEqual([8, 8, 4]);
  store.mockRejectedValue(new Error('disk full'));
  for (let count = 0; count < 66; count++) hold();
  expect(results.filter((result) => result === 'refused')).toHaveLength(2);
  store.mockRestore();
  fail();
  await vi.advanceTimersByTimeAsync(20_000);
  expect(results.filter((result) => result === 'stored')).toHaveLength(20 + 64);
  hold();
  await gate.stop();
  expect(results.at(-1)).toBe('stored');
});
