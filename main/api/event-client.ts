import type { AccessGate, Viewer } from '../access/types.ts';
import type { Bitset } from '../base/bitset.ts';
import type { Clock } from '../base/clock.ts';
import { type EventsMessage, EventsRequest } from '../contract/events.ts';
import type { Monitoring } from '../contract/health.ts';
import type { DeviceRegistry } from '../devices/types.ts';
import type { EventLog } from './event-log.ts';
import { CLOSE_POLICY, createMessageIntake } from './message-intake.ts';

/** Above this the console does not keep up: it is told to start anew once it has read what lies there. */
const BUFFER_HIGH_BYTES = 512 * 1024;
const BUFFER_LOW_BYTES = 16 * 1024;
const BEHIND_LIMIT_MS = 60_000;
const HELLO_LIMIT_MS = 10_000;
const PING_EVERY_MS = 15_000;
const MONITORING_EVERY_MS = 1_000;
/** In ten seconds. */
const MESSAGES_LIMIT = 60;

/** A WebSocket close code of our own (RFC 6455 section 7.4.2). */
export const CLOSE_SESSION_ENDED = 4401;

export type SessionEnd = Extract<EventsMessage, { type: 'session-ended' }>['reason'];

export interface EventClientServices {
  gate: Pick<AccessGate, 'alive' | 'rightsVersion' | 'visible'>;
  devices: Pick<DeviceRegistry, 'get'>;
  clock: Clock;
  log: EventLog;
  /** Names this run of the hub: cursors of another run mean nothing. */
  runId: string;
  monitoring(visible: Bitset): Monitoring;
  /** Texts of status messages, shared by all whose rights and position are equal. */
  statusText(position: number, visible: Bitset, version: number, build: () => string): string;
}

/** The connection as a client of the hub's events needs it. */
export interface EventPort {
  readonly bufferedAmount: number;
  readonly open: boolean;
  send(text: string): void;
  ping(): void;
  close(code: number, reason: string): void;
  terminate(): void;
}

/** One console's connection. */
export interface EventClient {
  readonly viewer: Viewer;
  /** The console said something. */
  message(bytes: Buffer): void;
  /** The console answered a ping. */
  pong(): void;
  /** Sends what is due. Asks for the session and the rights first, each time. */
  pump(): void;
  /** The person's own rights changed, not only the registry under them. */
  rightsChanged(): void;
  reported(deviceIds: ReadonlySet<string>): void;
  monitoringChanged(): void;
  job(jobId: string): void;
  /** A run of commands went on at the devices of these numbers. */
  command(runId: string, nums: readonly number[]): void;
  /** Something was changed that consoles fetch anew when they show it. */
  hint(kind: EventHint): void;
  end(reason: SessionEnd): void;
}

/** What a console is told of without saying more: it asks, and is answered by its rights. */
export type EventHint = 'walls' | 'incidents';

export function createEventClient(
  socket: EventPort,
  viewer: Viewer,
  services: EventClientServices,
): EventClient {
  const { gate, devices, clock, log, runId } = services;
  const openedAt = clock.monotonic();
  const intake = createMessageIntake(EventsRequest, clock, MESSAGES_LIMIT);
  const watched = new Set<string>();
  const due = new Set<string>();
  const jobs = new Set<string>();
  const hints = new Set<EventHint>();
  const runs = new Set<string>();
  let version = gate.rightsVersion(viewer);
  let visible = gate.visible(viewer, 'device.view');
  /** Undefined until the console said hello. */
  let position: number | undefined;
  let behindSince: number | undefined;
  let lastPing = openedAt;
  let answered = true;
  let monitoringDue = true;
  let monitoringAt = Number.NEGATIVE_INFINITY;
  let monitoringText = '';
  let ended = false;
  let ownRights = false;

  const cursor = (at: number) => `${runId}.${at}.${version}`;
  const send = (message: EventsMessage) => socket.send(JSON.stringify(message));

  function reset(): void {
    position = log.head;
    send({ type: 'reset', cursor: cursor(position) });
  }

  function hello(text: string | undefined): void {
    const [run, at, rights] = text?.split('.') ?? [];
    const asked = Number(at);
    // Other rights than then: what the console shows may be too much or too little.
    if (run !== runId || Number(rights) !== version || !log.since(asked)) reset();
    else {
      position = asked;
      sendChanges(true);
    }
  }

  /** `greeting` tells even that nothing changed, so that a console which resumed knows that it is in step. */
  function sendChanges(greeting = false): void {
    if (position === undefined || (position === log.head && !greeting)) return;
    const from = position;
    const catchup = log.since(from);
    if (!catchup) {
      reset();
      return;
    }
    position = log.head;
    const now = cursor(position);
    if (catchup.devices) send({ type: 'devices', cursor: now });
    const build = () => {
      const changes = catchup.changes.filter(([num]) => visible.has(num));
      return changes.length === 0 && !greeting
        ? ''
        : JSON.stringify({ type: 'status', cursor: now, changes });
    };
    const text = greeting ? build() : services.statusText(from, visible, version, build);
    if (text !== '') socket.send(text);
  }

  function sendMonitoring(): void {
    const now = clock.monotonic();
    if (!monitoringDue || now - monitoringAt < MONITORING_EVERY_MS) return;
    monitoringDue = false;
    monitoringAt = now;
    const text = JSON.stringify({ type: 'monitoring', monitoring: services.monitoring(visible) });
    if (text === monitoringText) return;
    monitoringText = text;
    socket.send(text);
  }

  function sendDue(): void {
    for (const deviceId of due) {
      const device = devices.get(deviceId);
      if (device && visible.has(device.num)) send({ type: 'health', deviceId });
    }
    due.clear();
    for (const jobId of jobs) send({ type: 'job', jobId });
    jobs.clear();
    for (const type of hints) send({ type });
    hints.clear();
    for (const runId of runs) send({ type: 'command', runId });
    runs.clear();
  }

  function end(reason: SessionEnd): void {
    if (ended) return;
    ended = true;
    send({ type: 'session-ended', reason });
    socket.close(CLOSE_SESSION_ENDED, 'session ended');
  }

  /** False: the console is too slow just now. */
  function keepsUp(): boolean {
    const limit = behindSince === undefined ? BUFFER_HIGH_BYTES : BUFFER_LOW_BYTES;
    if (socket.bufferedAmount <= limit) {
      if (behindSince !== undefined) {
        behindSince = undefined;
        reset();
      }
      return true;
    }
    behindSince ??= clock.monotonic();
    if (clock.monotonic() - behindSince > BEHIND_LIMIT_MS) socket.terminate();
    return false;
  }

  /** False: the other side has not answered for too long, or never said hello. */
  function answers(): boolean {
    const now = clock.monotonic();
    if (now - lastPing >= PING_EVERY_MS) {
      if (!answered) {
        socket.terminate();
        return false;
      }
      answered = false;
      lastPing = now;
      socket.ping();
    }
    if (position === undefined && now - openedAt > HELLO_LIMIT_MS) {
      refuse('no hello');
      return false;
    }
    return true;
  }

  function refuse(reason: string, code = CLOSE_POLICY): void {
    ended = true;
    socket.close(code, reason);
  }

  function handle(request: EventsRequest): void {
    switch (request.type) {
      case 'hello':
        // Each greeting may cost a catch-up of its own: one a connection.
        if (position === undefined) hello(request.cursor);
        else refuse('greeted already');
        break;
      case 'watch':
        watched.clear();
        for (const deviceId of request.deviceIds) watched.add(deviceId);
        break;
      case 'ping':
        send({ type: 'pong', at: clock.now() });
        break;
    }
  }

  /** An edit in the registry raises the version of everybody's rights; `devices` tells the console of that. */
  function refreshRights(): void {
    const now = gate.rightsVersion(viewer);
    if (now === version) return;
    version = now;
    visible = gate.visible(viewer, 'device.view');
    monitoringDue = true;
    if (position !== undefined && (ownRights || !log.since(position)?.devices)) send({ type: 'rights' });
  }

  function pump(): void {
    if (ended || !socket.open) return;
    if (!gate.alive(viewer)) {
      end('expired');
      return;
    }
    if (!answers()) return;
    refreshRights();
    if (position === undefined || !keepsUp()) return;
    sendChanges();
    sendDue();
    sendMonitoring();
  }

  return {
    viewer,
    end,
    pump,
    pong() {
      answered = true;
    },
    message(bytes) {
      if (ended) return;
      const said = intake(bytes);
      if (said.request === undefined) {
        refuse(said.reason, said.code);
        return;
      }
      if (position === undefined && said.request.type !== 'hello') {
        refuse('not understood');
        return;
      }
      if (!gate.alive(viewer)) {
        end('expired');
        return;
      }
      refreshRights();
      handle(said.request);
    },
    rightsChanged() {
      ownRights = true;
      pump();
      ownRights = false;
    },
    reported(deviceIds) {
      for (const deviceId of watched) if (deviceIds.has(deviceId)) due.add(deviceId);
    },
    monitoringChanged() {
      monitoringDue = true;
    },
    job(jobId) {
      jobs.add(jobId);
    },
    command(runId, nums) {
      if (nums.some((num) => visible.has(num))) runs.add(runId);
    },
    hint(kind) {
      hints.add(kind);
    },
  };
}
