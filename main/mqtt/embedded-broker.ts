import type { EventEmitter } from 'node:events';
import { createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { Aedes, type Client, type PublishPacket } from 'aedes';
import type { Clock } from '../base/clock.ts';
import { messageOf } from '../base/errors.ts';
import type { Logger } from '../base/logging.ts';
import { PAYLOAD_LIMIT_BYTES } from '../contract/mqtt-payloads.ts';
import { createCommitGate } from './commit-gate.ts';
import { createFanOut } from './fan-out.ts';
import { createFrameGuard } from './frame-guard.ts';
import { createKeptStatuses } from './kept-statuses.ts';
import { listen } from './listen.ts';
import { mayPublish, mayPublishForeign, maySubscribe, type Publisher } from './permissions.ts';
import { createRefusals, type RefusalCounts } from './refusals.ts';
import { type EmbeddedBrokerSettings, refuseOpenBroker } from './settings.ts';
import { createSignIn } from './sign-in.ts';
import { parseTopic } from './topics.ts';
import type {
  ForeignTopics,
  InboundMessage,
  LinkStatus,
  MessageSink,
  MessageTopic,
  OutboundMessage,
} from './types.ts';

/** Room for topic and header beside the largest payload. */
const FRAME_LIMIT_BYTES = PAYLOAD_LIMIT_BYTES + 1024;
const COMMIT_WINDOW_MS = 25;
const CONNECT_TIMEOUT_MS = 10_000;
const DRAIN_TIMEOUT_MS = 10_000;
const KEEPALIVE_LIMIT_S = 1_200;
const CLIENT_ID_LIMIT = 128;

export interface RunningBroker {
  readonly link: LinkStatus;
  /** Devices and programs connected to the embedded broker; 0 for an external one. */
  connections(): number;
  /** Resolves once the broker has it; rejects when it cannot take it now. Whether the device hears it, its answer tells. */
  send(message: OutboundMessage): Promise<void>;
  stop(): Promise<void>;
}

/**
 * The MQTT 3.1.1 broker inside the hub. What devices publish is taken by the hub where it is authorised, without a
 * socket of its own in between; QoS 1 is acknowledged only after it was stored.
 * @throws AppError `mqtt-needs-tls`, `mqtt-port-taken`, `mqtt-cannot-listen`
 */
export async function startEmbeddedBroker(options: {
  settings: EmbeddedBrokerSettings;
  sink: MessageSink;
  foreign: ForeignTopics;
  clock: Clock;
  log: Logger;
}): Promise<RunningBroker> {
  const { settings, sink, foreign, clock, log } = options;
  refuseOpenBroker(settings);
  const gate = createCommitGate({ sink, clock, log, windowMs: COMMIT_WINDOW_MS });
  const refusals = createRefusals({ clock, log });
  const signIn = createSignIn({ settings, refusals });
  const kept = createKeptStatuses((deviceId) => sink.statuses(deviceId));
  const sockets = new Set<Socket>();
  let stopping = false;

  /** The topic, if this may be published; what is kept for later subscribers is only the status of real devices. */
  function admit(client: Client | null, packet: PublishPacket): MessageTopic | undefined {
    const publisher = client ? publishers.get(client) : undefined;
    if (!publisher) return undefined;
    const topic = allowed(publisher, packet.topic);
    if (!topic) return undefined;
    if (topic.channel !== 'status' || !sink.knows(topic)) packet.retain = false;
    return topic;
  }

  function allowed(publisher: Publisher, text: string): MessageTopic | undefined {
    const own = parseTopic(text);
    if (own) return mayPublish(publisher, text) ? own : undefined;
    const topic = foreign.parse(text);
    return topic && mayPublishForeign(publisher, topic) ? topic : undefined;
  }

  const broker = await Aedes.createBroker({
    connectTimeout: CONNECT_TIMEOUT_MS,
    drainTimeout: DRAIN_TIMEOUT_MS,
    keepaliveLimit: KEEPALIVE_LIMIT_S,
    // ONVIF and Axis put an event's topic and source into it.
    maxTopicLevels: 24,
    queueLimit: 100,
    maxInflightInbound: 100,
    concurrency: 1_000,
    preConnect(_client, packet, done) {
      // Without a name nobody gets a session that collects messages while he is away.
      if (packet.username === undefined) packet.clean = true;
      done(null, !stopping && packet.clientId.length <= CLIENT_ID_LIMIT);
    },
    authenticate(client, username, password, done) {
      const result = identify(client, username, password);
      if (result instanceof Error) {
        done(result, false);
        return;
      }
      publishers.set(client, result);
      if (result !== 'local') keep(client, result.deviceId);
      done(null, true);
    },
    authorizePublish(client, packet, done) {
      // While stopping, connections break by our own doing: those Wills say nothing about the devices.
      const topic = stopping ? undefined : admit(client, packet);
      if (!topic) {
        done(new Error(`publishing to ${packet.topic.slice(0, 160)} is not allowed`));
        return;
      }
      const payload = typeof packet.payload === 'string' ? Buffer.from(packet.payload) : packet.payload;
      if (sink.floods(topic, payload)) {
        // MQTT 3.1.1 knows no refusal of one message: an unstored one must not be acknowledged.
        done(new Error(`${topic.deviceId ?? 'an unknown device'} sends too many messages`));
        return;
      }
      const message: InboundMessage = { topic, payload, retained: false, rxAt: clock.now() };
      if (packet.qos > 0) {
        gate.hold(message, (error) => done(error ?? null));
        return;
      }
      sink.take(message);
      done(null);
    },
    authorizeSubscribe(client, subscription, done) {
      const publisher = publishers.get(client);
      done(
        null,
        publisher && maySubscribe(publisher, subscription.topic, sink.speaksFor) ? subscription : null,
      );
    },
  });
  broker.on('clientError', (client, error) =>
    log.debug({ client: client.id, problem: error.message }, 'a device connection failed'),
  );
  broker.on('connectionError', (_client, error) =>
    log.debug({ problem: error.message }, 'a connection failed before it said who it is'),
  );
  const failures: EventEmitter = broker;
  failures.on('error', (error) => log.error({ problem: messageOf(error) }, 'the broker failed'));

  function onConnection(socket: Socket): void {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    const guard = createFrameGuard(FRAME_LIMIT_BYTES);
    broker.handle(socket);
    // The broker reads with `readable`; `data` then fires within each of its reads, before it parses.
    socket.on('data', (chunk: Buffer) => {
      if (!guard.admit(chunk)) socket.destroy(new Error('a message longer than allowed'));
    });
  }

  const server = settings.tls
    ? createTlsServer({ cert: settings.tls.cert, key: settings.tls.key }, onConnection)
    : createTcpServer(onConnection);
  server.maxConnections = settings.connectionLimit;
  const closeBroker = () => new Promise<void>((resolve) => broker.close(() => resolve()));
  let port: number;
  try {
    port = await listen(server, settings.host, settings.port);
  } catch (error) {
    await closeBroker();
    throw error;
  }
  server.on('error', (error) => log.error({ problem: error.message }, 'the broker port failed'));
  const host = settings.host.includes(':') ? `[${settings.host}]` : settings.host;
  const link: LinkStatus = {
    kind: 'embedded',
    address: `${settings.tls ? 'mqtts' : 'mqtt'}://${host}:${port}`,
    downSince: null,
    error: null,
  };
  sink.link(link);
  const stopListening = settings.credentials.onEnded(endConnections);

  return {
    link,
    connections: () => broker.connectedClients,
    send: ({ topic, payload }) =>
      new Promise((resolve, reject) => {
        if (stopping) return reject(new Error('the hub is stopping'));
        const packet: PublishPacket = {
          ...{ cmd: 'publish', topic, payload: Buffer.from(payload) },
          ...{ qos: 1, retain: false, dup: false },
        };
        broker.publish(packet, (error) => (error ? reject(error) : resolve()));
      }),
    async stop() {
      await gate.stop();
      stopping = true;
      stopListening();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await closeBroker();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

