import { expect, test } from 'vitest';
import type { AccessGate, Viewer } from '../access/types.ts';
import { Bitset } from '../base/bitset.ts';
import { manualClock } from '../base/clock.ts';
import { EventsMessage } from '../contract/events.ts';
import type { Monitoring } from '../contract/health.ts';
import { createEventClient } from './event-client.ts';
import { createEventLog } from './event-log.ts';

const viewer: Viewer = { sessionId: 's', personId: 'p', name: '', login: '', from: '' };
const monitoring: Monitoring = {
  broker: { kind: 'embedded', address: '', downSince: null, error: null },
  ingestStalledSince: null,
  recorder: { failingSince: null, error: null, cameras: 0, recording: 0, freeBytes: null, disks: [] },
  history: { failingSince: null, error: null, lostBatches: 0 },
  clockJumpedAt: null,
  messagesPerSecond: 0,
  counts: { camera: {}, ap: {}, switch: {} },
};

/** A client on a connection whose buffer, session and rights the test decides. */
function setUp() {
  const clock = manualClock();
  const log = createEventLog(100_000);
  const state = { buffered: 0, alive: true, version: 1 };
  const messages: EventsMessage[] = [];
  const ends: string[] = [];
  let pings = 0;
  const all = new Bitset();
  for (let num = 1; num <= 30_000; num++) all.add(num);
  const gate: Pick<AccessGate, 'alive' | 'rightsVersion' | 'visible'> = {
    alive: () => state.alive,
    rightsVersion: () => state.version,
    visible: () => all,
  };
  const client = createEventClient(
    {
      get bufferedAmount() {
        return state.buffered;
      },
      open: true,
      send: (text) => messages.push(EventsMessage.parse(JSON.parse(text))),
      ping: () => {
        pings += 1;
      },
      close: (code) => ends.push(`close ${code}`),
      terminate: () => ends.push('terminate'),
    },
    viewer,
    {
      gate,
      devices: { get: () => undefined },
      clock,
      log,
      runId: 'run',
      monitoring: () => monitoring,
      statusText: (_position, _visible, _version, build) => build(),
    },
  );
  const say = (message: object) => client.message(Buffer.from(JSON.stringify(message)));
  const types = () => messages.map((message) => message.type);
  return { clock, log, state, messages, ends, client, say, types, pings: () => pings };
}

test('a slow console is sent nothing more, and begins anew once it has caught up', () => {
  const { client, log, say, state, types, messages } = setUp();
  say({ type: 'hello' });
  client.pump();
  state.buffered = 600_000;
  for (let i = 0; i < 50; i++) {
    log.status(1, 4, i);
    client.pump();
  }
  // Still above the lower mark: no flutter.
  state.buffered = 100_000;
  client.pump();
  expect(types()).toEqual(['reset', 'monitoring']);
  state.buffered = 0;
  client.pump();
  expect(types()).toEqual(['reset', 'monitoring', 'reset']);
  log.status(2, 1, 99);
  client.pump();
  expect(messages.at(-1)).toMatchObject({ type: 'status', changes: [[2, 1, 99]] });
});

test('one that never catches up is cut off', () => {
  const { client, clock, say, state, ends } = setUp();
  say({ type: 'hello' });
  state.buffered = 600_000;
  client.pump();
  client.pong();
  clock.advance(59_000);
  client.pump();
  expect(ends).toEqual([]);
  client.pong();
  clock.advance(2_000);
  client.pump();
  expect(ends).toEqual(['terminate']);
});

test('more changes than fetching anew costs become a reset', () => {
  const { client, log, say, types } = setUp();
  say({ type: 'hello' });
  for (let num = 1; num <= 20_001; num++) log.status(num, 4, 1);
  client.pump();
  expect(types()).toEqual(['reset', 'reset', 'monitoring']);
});

test('one that does not answer pings, or never says hello, is cut off', () => {
  const silent = setUp();
  silent.say({ type: 'hello' });
  silent.clock.advance(15_000);
  silent.client.pump();
  silent.client.pong();
  silent.clock.advance(15_000);
  silent.client.pump();
  expect(silent.pings()).toBe(2);
  expect(silent.ends).toEqual([]);
  silent.clock.advance(15_000);
  silent.client.pump();
  expect(silent.ends).toEqual(['terminate']);

  const mute = setUp();
  mute.clock.advance(11_000);
  mute.client.pump();
  expect(mute.ends).toEqual(['close 1008']);
});

test('nothing is sent once the session is over, whoever told of it', () => {
  const { client, log, say, state, types, ends } = setUp();
  say({ type: 'hello' });
  log.status(1, 4, 1);
  state.alive = false;
  client.pump();
  log.status(2, 4, 1);
  client.pump();
  say({ type: 'ping' });
  expect(types()).toEqual(['reset', 'session-ended']);
  expect(ends).toEqual(['close 4401']);
});

test('monitoring is told at most once a second, and only when it differs', () => {
  const { client, clock, say, types } = setUp();
  say({ type: 'hello' });
  for (let i = 0; i < 30; i++) {
    client.monitoringChanged();
    client.pump();
    clock.advance(150);
  }
  expect(types()).toEqual(['reset', 'monitoring']);
});

test('a connection greets once', () => {
  const { client, say, types, ends } = setUp();
  say({ type: 'hello' });
  expect(ends).toEqual([]);
  say({ type: 'hello', cursor: 'run.0.1' });
  client.pump();
  expect(types()).toEqual(['reset']);
  expect(ends).toEqual(['close 1008']);
});
