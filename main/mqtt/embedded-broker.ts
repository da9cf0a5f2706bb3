import type { EventEmitter } from 'node:events';
import { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { Aedes, type Client, type PublishPacket } from 'aedes';
import type { Clock } from '../base/clock.ts';
import { messageOf } from '../base/errors.ts';
import type { Logger } from '../base/logging.ts';
import { PAYLOAD_LIMIT_BYTES } from '../contract/mqtt-payloads.ts';
import type { Trouble } from '../contract/trouble.ts';
import { createBrokerServer, trusted } from './broker-server.ts';
import { createCertified } from './certified.ts';
import { createCommitGate } from './commit-gate.ts';
import { createConnectionGuard } from './connection-guard.ts';
import { createFanOut } from './fan-out.ts';
import { createFilterLimit } from './filter-limit.ts';
import { boundSessions } from './kept-sessions.ts';
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
import { createUnauthenticated } from './unauthenticated.ts';
import { passUnheard } from './unheard.ts';
import { isWellFormed } from './well-formed.ts';

/** Room for topic and header beside the largest payload. */
const FRAME_LIMIT_BYTES = PAYLOAD_LIMIT_BYTES + 1024;
const COMMIT_WINDOW_MS = 25;
/** From the first packet of TCP until somebody said who he is. */
const CONNECT_TIMEOUT_MS = 10_000;
/** The same by the clock, however late the event loop is while a whole city comes back. */
const CONNECT_AT_MOST_MS = 60_000;
/** So much of all connections one address may hold without saying who they are: behind a gateway there may be many. */
const ADDRESS_SHARE = 1 / 8;
const DRAIN_TIMEOUT_MS = 10_000;
/** A CONNECT with its Will; it comes from somebody not yet known. */
const CONNECT_LIMIT_BYTES = 8 * 1024;
/** Filters of one connection: a gateway has one for each device below it. */
const FILTERS_LIMIT = 5_000;
/** Messages of QoS 2 of one session that wait for PUBREL. */
const UNRELEASED_LIMIT = 100;
/** What a subscriber may leave unread before it is ended. */
const UNREAD_LIMIT_BYTES = 1024 * 1024;

export interface RunningBroker {
  readonly link: LinkStatus;
  /** Devices and programs connected to the embedded broker; 0 for an external one. */
  connections(): number;
  /** Whom the embedded broker sent away since its start, by reason; an external one tells nothing of that. */
  refusals(): RefusalCounts;
  /** When the embedded broker's list of revoked certificates is to be replaced, UTC ms; null without one. */
  listsDueAt(): number | null;
  /** Whether what it was given for a device waits there over a stop of the hub. */
  readonly keeps: boolean;
  /** Is anybody there to hear this topic? Of an external broker, which keeps it for who is away, nobody needs to ask. */
  hears(topic: string): boolean;
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
  const signIn = createSignIn({
    ...{ settings, refusals },
    mayTell: (publisher, topic) => allowed(publisher, topic) !== undefined,
  });
  const unauthenticated = createUnauthenticated({
    ...{ refusals, clock, timeoutMs: settings.connectTimeoutMs ?? CONNECT_TIMEOUT_MS },
    perAddress: Math.ceil(settings.connectionLimit * ADDRESS_SHARE),
    isLocal: settings.isLocal,
  });
  const kept = createKeptStatuses((deviceId) => sink.statuses(deviceId));
  const fanOut = createFanOut();
  const filterLimit = createFilterLimit(FILTERS_LIMIT);
  const guard = createConnectionGuard({
    ...{ frameLimitBytes: FRAME_LIMIT_BYTES, connectLimitBytes: CONNECT_LIMIT_BYTES },
    ...{ refusals, signIn, unauthenticated, sink, clock },
  });
  let stopping = false;

  function mayHear(client: Client, filter: string): boolean {
    const publisher = signIn.publisherOf(client);
    return publisher !== undefined && maySubscribe(publisher, filter, sink.speaksFor);
  }

  function allowed(publisher: Publisher, text: string): MessageTopic | undefined {
    const own = parseTopic(text);
    if (own) return mayPublish(publisher, own) ? own : undefined;
    const topic = isWellFormed(text) ? foreign.parse(text) : undefined;
    return topic && mayPublishForeign(publisher, topic) ? topic : undefined;
  }

  function onPublish(
    client: Client | null,
    packet: PublishPacket,
    done: (error?: Error | null) => void,
  ): void {
    const publisher = client ? signIn.publisherOf(client) : undefined;
    // While stopping, connections break by our own doing: those Wills say nothing about the devices.
    const topic = publisher && !stopping ? allowed(publisher, packet.topic) : undefined;
    if (!publisher || !topic) {
      if (!stopping) refusals.count('topic', client?.id ?? '');
      done(new Error(`publishing to ${packet.topic.slice(0, 160)} is not allowed`));
      return;
    }
    // The hub knows what devices last said; the broker keeps no second copy (kept-statuses.ts).
    packet.retain = false;
    const payload = typeof packet.payload === 'string' ? Buffer.from(packet.payload) : packet.payload;
    if (sink.floods(topic, payload)) {
      refusals.count('flood', topic.deviceId ?? '');
      // MQTT 3.1.1 knows no refusal of one message: an unstored one must not be acknowledged. Many devices on one
      // local connection are not ended for one of them: what it said too much stands in its quarantine.
      const deviceId = topic.deviceId ?? 'an unknown device';
      done(publisher === 'local' ? null : new Error(`${deviceId} sends too many messages`));
      return;
    }
    const message: InboundMessage = { topic, payload, retained: false, rxAt: clock.now() };
    if (packet.qos > 0) {
      gate.hold(message, (error) => done(error ?? null));
      return;
    }
    sink.take(message);
    done(null);
  }

  const broker = await Aedes.createBroker({
    mq: fanOut.emitter,
    connectTimeout: CONNECT_AT_MOST_MS,
    drainTimeout: DRAIN_TIMEOUT_MS,
    // ONVIF and Axis put an event's topic and source into it.
    maxTopicLevels: 24,
    queueLimit: 100,
    maxInflightInbound: UNRELEASED_LIMIT,
    preConnect(client, packet, done) {
      if (!stopping && signIn.greet(client, packet)) return done(null, true);
      // The library leaves it open, and waits no longer for its CONNECT.
      client.conn.destroy();
      done(null, false);
    },
    authenticate(client, username, password, done) {
      const found = signIn.identify(client, username, password);
      const socket = client.conn instanceof Socket ? client.conn : undefined;
      if (found instanceof Error) {
        if (!found.proved) unauthenticated.failed(socket?.remoteAddress);
        return done(found, false);
      }
      if (socket) unauthenticated.proved(socket);
      done(null, true);
    },
    authorizePublish: onPublish,
    authorizeSubscribe(client, subscription, done) {
      if (!mayHear(client, subscription.topic)) return done(null, null);
      if (filterLimit.take(client, subscription.topic)) return done(null, subscription);
      if (!client.conn.destroyed) refusals.count('filters', client.id);
      client.conn.destroy(new Error('more filters than one connection needs'));
      done(null, null);
    },
    authorizeForward(client, packet) {
      // Asked again for each command: the device may hang below another gateway by now.
      if (signIn.publisherOf(client) !== 'local' && !mayHear(client, packet.topic)) return null;
      if (client.conn.writableLength <= UNREAD_LIMIT_BYTES) return packet;
      if (!client.conn.destroyed) refusals.count('slow', client.id);
      client.conn.destroy(new Error('what it subscribed is read too slowly'));
      return null;
    },
  });
  passUnheard(broker, fanOut.hears);
  boundSessions(broker, { filters: FILTERS_LIMIT, unreleased: UNRELEASED_LIMIT }, mayHear);
  broker.on('unsubscribe', (filters, client) => filterLimit.gone(client, filters));
  broker.on('subscribe', (subscriptions, client) => {
    if (signIn.publisherOf(client) !== 'local') return;
    kept
      .told(client, subscriptions)
      .catch((error: unknown) => log.error({ problem: messageOf(error) }, 'kept statuses could not be told'));
  });
  broker.on('clientError', (client, error) =>
    log.debug({ client: client.id, problem: error.message }, 'a device connection failed'),
  );
  broker.on('connectionError', (_client, error) =>
    log.debug({ problem: error.message }, 'a connection failed before it said who it is'),
  );
  const failures: EventEmitter = broker;
  failures.on('error', (error) => log.error({ problem: messageOf(error) }, 'the broker failed'));

  function onTlsFailure(address: string | undefined): void {
    refusals.count('tls', address ?? '');
    unauthenticated.failed(address);
  }

  function onConnection(socket: Socket): void {
    if (socket instanceof TLSSocket && !trusted(socket)) {
      onTlsFailure(socket.remoteAddress);
      socket.destroy();
      return;
    }
    const client = broker.handle(socket);
    socket.once('close', () => signIn.left(client));
    if (socket instanceof TLSSocket)
      certified.watch(socket, () => {
        refusals.count('certificate', client.id ?? socket.remoteAddress ?? '');
        signIn.endConnection(client);
      });
    guard(socket, client);
  }

  const closeBroker = () => new Promise<void>((resolve) => broker.close(() => resolve()));
  async function leave(): Promise<void> {
    unauthenticated.stop();
    certified.stop();
    await closeBroker();
  }

  let trouble: Trouble | null = null;
  let link: LinkStatus | undefined;
  const certified = createCertified({ clock, log, ca: settings.tls?.clients?.ca ?? '' });
  const sockets = new Set<Socket>();
  const { server, ...certificates } = await createBrokerServer({
    ...{ tls: settings.tls, onConnection, onTlsFailure, clock, log },
    handshakeTimeoutMs: CONNECT_AT_MOST_MS,
    onTrouble(told) {
      trouble = told;
      if (!link) return;
      link = { ...link, error: told };
      sink.link(link);
    },
    admit(socket) {
      if (!unauthenticated.admit(socket)) return false;
      // Of TLS too: those that have not said who they are yet.
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
      return true;
    },
    onRenewedClients: certified.renewed,
  }).catch(async (error: unknown) => {
    await leave();
    throw error;
  });
  server.maxConnections = settings.connectionLimit;
  server.on('drop', (who) => refusals.count('full', who?.remoteAddress ?? ''));
  let port: number;
  try {
    port = await listen(server, settings.host, settings.port);
  } catch (error) {
    certificates.stop();
    await leave();
    throw error;
  }
  server.on('error', (error) => log.error({ problem: error.message }, 'the broker port failed'));
  const host = settings.host.includes(':') ? `[${settings.host}]` : settings.host;
  const address = `${settings.tls ? 'mqtts' : 'mqtt'}://${host}:${port}`;
  const opened: LinkStatus = { kind: 'embedded', address, downSince: null, error: trouble };
  link = opened;
  sink.link(link);
  const stopListening = settings.credentials.onEnded(signIn.endConnections);

  return {
    link: opened,
    connections: () => broker.connectedClients,
    refusals: refusals.totals,
    listsDueAt: certificates.listsDueAt,
    keeps: false,
    hears: fanOut.hears,
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
      stopping = true;
      certificates.stop();
      certified.stop();
      await gate.stop();
      stopListening();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await closeBroker();
      for (const socket of sockets) socket.destroy();
      unauthenticated.stop();
      await closed;
    },
  };
}
