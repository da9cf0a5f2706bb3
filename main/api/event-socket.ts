import { randomBytes } from 'node:crypto';
import type { RawData, WebSocket } from 'ws';
import type { AccessGate } from '../access/types.ts';
import type { Bitset } from '../base/bitset.ts';
import type { Clock } from '../base/clock.ts';
import type { EventBus } from '../base/event-bus.ts';
import { HealthStatuses } from '../contract/health.ts';
import type { HubEvents } from '../contract/hub-events.ts';
import type { DeviceRegistry } from '../devices/types.ts';
import type { HealthView } from '../health/types.ts';
import {
  createEventClient,
  type EventClient,
  type EventClientServices,
  type EventPort,
} from './event-client.ts';
import { createEventLog } from './event-log.ts';
import type { Api } from './server.ts';

/** Changes are gathered so long before they are told, ms. */
const PUMP_MS = 150;
const LOG_ENTRIES = 65_536;
const CONNECTIONS_A_PERSON = 20;
const CLOSE_GOING_AWAY = 1001;
const CLOSE_TRY_LATER = 1013;

export interface EventSocketServices {
  gate: AccessGate;
  devices: Pick<DeviceRegistry, 'get'>;
  health: Pick<HealthView, 'monitoringOf'>;
  bus: EventBus<HubEvents>;
  clock: Clock;
}

export interface EventSocket {
  /** Registers `/api/events`. */
  route(app: Api): void;
  /** Consoles connected now. */
  connections(): number;
  stop(): void;
}

/** Tells every console what changed of what its person may see, and nothing else (`contract/events.ts`). */
export function createEventSocket({ gate, devices, health, bus, clock }: EventSocketServices): EventSocket {
  const log = createEventLog(LOG_ENTRIES);
  const clients = new Set<EventClient>();
  let texts = new Map<string, Map<Bitset, string>>();

  const services: EventClientServices = {
    gate,
    devices,
    clock,
    log,
    runId: randomBytes(6).toString('hex'),
    monitoring: (visible) => health.monitoringOf(visible),
    statusText(position, visible, version, build) {
      const key = `${position} ${log.head} ${version}`;
      const shared = texts.get(key) ?? new Map<Bitset, string>();
      texts.set(key, shared);
      const text = shared.get(visible) ?? build();
      shared.set(visible, text);
      return text;
    },
  };

  function pump(): void {
    for (const client of clients) client.pump();
    texts = new Map();
  }

  const unsubscribe = [
    bus.on('health.changed', (changes) => {
      for (const { num, status, since } of changes) log.status(num, HealthStatuses.indexOf(status), since);
      for (const client of clients) client.monitoringChanged();
    }),
    bus.on('health.reported', (deviceIds) => {
      const ids = new Set(deviceIds);
      for (const client of clients) client.reported(ids);
    }),
    bus.on('stream.changed', ({ cameraId }) => {
      const ids = new Set([cameraId]);
      for (const client of clients) client.reported(ids);
    }),
    bus.on('picture.changed', ({ cameraId }) => {
      const ids = new Set([cameraId]);
      for (const client of clients) client.reported(ids);
    }),
    bus.on('devices.changed', () => log.devices()),
    bus.on('monitoring.changed', () => {
      for (const client of clients) client.monitoringChanged();
    }),
    bus.on('rights.changed', ({ personIds }) => {
      // What concerns all is told at the next turn, together with the change of the registry that caused it.
      if (personIds === 'all') return;
      for (const client of clients) if (personIds.includes(client.viewer.personId)) client.rightsChanged();
    }),
    bus.on('session.ended', ({ sessionId, reason }) => {
      for (const client of clients) if (client.viewer.sessionId === sessionId) client.end(reason);
    }),
    bus.on('job.changed', ({ jobId, ownerId }) => {
      for (const client of clients) if (client.viewer.personId === ownerId) client.job(jobId);
    }),
    bus.on('command.changed', ({ runId, nums }) => {
      for (const client of clients) client.command(runId, nums);
    }),
    bus.on('walls.changed', () => {
      for (const client of clients) client.hint('walls');
    }),
    bus.on('incident.changed', () => {
      for (const client of clients) client.hint('incidents');
    }),
  ];
  const timer = setInterval(pump, PUMP_MS);
  const sockets = new Set<{ close(code: number, reason: string): void }>();

  return {
    connections: () => clients.size,
    route(app) {
      app.get('/api/events', { websocket: true, config: { access: 'signed-in' } }, (socket, request) => {
        const { viewer } = request;
        let open = 0;
        for (const client of clients) if (client.viewer.personId === viewer.personId) open += 1;
        if (open >= CONNECTIONS_A_PERSON) {
          socket.close(CLOSE_TRY_LATER, 'too many connections');
          return;
        }
        const client = createEventClient(portOf(socket), viewer, services);
        clients.add(client);
        sockets.add(socket);
        socket.on('pong', () => client.pong());
        socket.on('message', (data) => client.message(bytesOf(data)));
        socket.on('close', () => {
          clients.delete(client);
          sockets.delete(socket);
        });
      });
    },
    stop() {
      clearInterval(timer);
      for (const off of unsubscribe) off();
      for (const socket of sockets) socket.close(CLOSE_GOING_AWAY, 'the hub is stopping');
      clients.clear();
    },
  };
}

const portOf = (socket: WebSocket): EventPort => ({
  get bufferedAmount() {
    return socket.bufferedAmount;
  },
  get open() {
    return socket.readyState === socket.OPEN;
  },
  send: (text) => socket.send(text),
  ping: () => socket.ping(),
  close: (code, reason) => socket.close(code, reason),
  terminate: () => socket.terminate(),
});

function bytesOf(data: RawData): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data);
  return data instanceof ArrayBuffer ? Buffer.from(data) : data;
}
