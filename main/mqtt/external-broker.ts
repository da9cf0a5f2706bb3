import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { type IClientOptions, MqttClient } from 'mqtt';
import type { Clock } from '../base/clock.ts';
import { messageOf } from '../base/errors.ts';
import type { Logger } from '../base/logging.ts';
import { PAYLOAD_LIMIT_BYTES } from '../contract/mqtt-payloads.ts';
import { troubleOf } from '../contract/trouble.ts';
import { brokerTrouble, isUnsupportedVersion, notConnected, TopicRefused } from './broker-errors.ts';
import { createCommitGate } from './commit-gate.ts';
import type { RunningBroker } from './embedded-broker.ts';
import type { PublishFrame } from './publish-sieve.ts';
import { noRefusals } from './refusals.ts';
import { type ExternalBrokerSettings, parseBrokerAddress } from './settings.ts';
import { createSievedStream, type SievedStream } from './sieved-stream.ts';
import { hubSubscriptions, parseTopic } from './topics.ts';
import type { ForeignTopics, InboundMessage, LinkStatus, MessageSink, OutboundMessage } from './types.ts';

const CONNECT_TIMEOUT_MS = 8_000;
/** A broker that hangs is noticed after one and a half of these. */
const KEEPALIVE_S = 5;
const SEND_TIMEOUT_MS = 10_000;
const BACKOFF_FIRST_MS = 500;
const BACKOFF_LIMIT_MS = 15_000;
/** How long the broker keeps for us what we have not acknowledged. */
const SESSION_EXPIRY_S = 86_400;
/** Unacknowledged messages that the broker may send us at a time: what one commit can take, and less than may wait. */
const RECEIVE_MAXIMUM = 10_000;

/**
 * The hub as a client of somebody else's broker: MQTT 5, or 3.1.1 where the broker knows no better. Keeps trying
 * for ever; while there is no connection the link says since when and why.
 * @throws AppError `mqtt-bad-address`
 */
export function startExternalBroker(options: {
  settings: ExternalBrokerSettings;
  city: string;
  sink: MessageSink;
  foreign: ForeignTopics;
  clock: Clock;
  log: Logger;
  /** 0 to 1; spreads reconnections of several hubs. */
  random?: () => number;
}): RunningBroker {
  const { settings, city, sink, foreign, clock, log, random = Math.random } = options;
  const url = parseBrokerAddress(settings.address);
  const host = url.host;
  // No window: what comes while one batch is being stored is the next.
  const gate = createCommitGate({ sink, clock, log, windowMs: 0 });
  const link: LinkStatus = {
    kind: 'external',
    address: `${url.protocol}//${host}`,
    downSince: clock.now(),
    error: troubleOf('broker-connecting', `Not connected to the broker ${host} yet.`, { host }),
  };
  let version: 4 | 5 = 5;
  let failures = 0;
  let client: MqttClient | undefined;
  let retry: NodeJS.Timeout | undefined;
  let stopped = false;
  sink.link(link);

  function publish(frame: PublishFrame, source: SievedStream): void {
    const { qos, retain: retained, packetId } = frame;
    const topic = parseTopic(frame.topic) ?? foreign.parse(frame.topic);
    const wanted = topic !== undefined && topic.channel !== 'command';
    if (!wanted || (!retained && sink.floods(topic, frame.payload))) {
      if (qos === 1) source.acknowledge(packetId);
      return;
    }
    const rxAt = clock.now();
    if (qos === 0) {
      sink.take({ topic, payload: frame.payload, retained, rxAt });
      return;
    }
    const message: InboundMessage = { topic, payload: Buffer.from(frame.payload), retained, rxAt };
    // What the broker retains it tells again at the next subscription: it cannot be lost, and a whole city's
    // must not wait for one write each.
    if (retained) source.acknowledge(packetId);
    gate.hold(message, (error) => {
      if (!error) {
        if (!retained) source.acknowledge(packetId);
      } else if (retained) sink.take(message);
      // Unacknowledged, the broker sends it again at the next connection, and only then.
      else if (!stopped) source.stream.destroy(error);
    });
  }

  /** Secrets as they are now: whoever changed them needs no new start of the hub. */
  function renewed(): ExternalBrokerSettings {
    try {
      return { ...settings, ...settings.renew?.() };
    } catch (error) {
      log.warn(
        { problem: messageOf(error) },
        'the broker’s credentials cannot be read again; the first are tried',
      );
      return settings;
    }
  }

  function connect(): void {
    retry = undefined;
    const fresh = renewed();
    let lastError: unknown;
    let provedAt = Number.NEGATIVE_INFINITY;
    /** All that comes proves that the broker is there: the answer to a ping may stand behind a burst of messages. */
    const heard = (): void => {
      const now = clock.monotonic();
      sink.heard(now);
      if (now - provedAt < KEEPALIVE_S * 500 || !current.connected) return;
      provedAt = now;
      current.reschedulePing(true);
      current.sendPing();
    };
    const current = new MqttClient(
      () => {
        const { stream } = createSievedStream({
          ...{ socket: openSocket(fresh, url), version, payloadLimit: PAYLOAD_LIMIT_BYTES, publish },
          heard,
        });
        // The library tells of some failures only, and late of those of TLS.
        stream.once('error', (error) => {
          lastError ??= error;
        });
        return stream;
      },
      clientOptions(fresh, version),
    );
    client = current;
    current.on('error', (error) => {
      lastError = error;
    });
    current.on('connect', () => {
      current.subscribe({ ...hubSubscriptions(city), ...foreign.filters }, (error, granted) => {
        const refused = granted?.find((grant) => grant.qos === 128);
        if (error || refused) {
          lastError = error ?? new TopicRefused(refused?.topic ?? '#');
          current.end(true);
          return;
        }
        failures = 0;
        sink.heard(clock.monotonic());
        log.info({ address: link.address, version }, 'connected to the broker');
        link.downSince = null;
        link.error = null;
        sink.link(link);
      });
    });
    current.once('close', () => {
      current.end(true);
      if (stopped || client !== current) return;
      client = undefined;
      if (version === 5 && isUnsupportedVersion(lastError)) {
        version = 4;
        retry = setTimeout(connect, 0);
        return;
      }
      const trouble = brokerTrouble(
        host,
        lastError ?? Object.assign(new Error('closed'), { code: 'ECONNRESET' }),
      );
      if (link.downSince === null || link.error?.text !== trouble.text)
        log.warn({ address: link.address, problem: trouble.text }, 'monitoring interrupted');
      link.downSince ??= clock.now();
      link.error = trouble;
      sink.link(link);
      const ceiling = Math.min(BACKOFF_LIMIT_MS, BACKOFF_FIRST_MS * 2 ** failures);
      failures += 1;
      retry = setTimeout(connect, ceiling * (0.5 + random() / 2));
    });
  }
  connect();

  return {
    link,
    connections: () => 0,
    refusals: noRefusals,
    listsDueAt: () => null,
    keeps: true,
    hears: () => true,
    send: (message) => sendBy(link.downSince === null ? client : undefined, message, version),
    async stop() {
      stopped = true;
      clearTimeout(retry);
      await gate.stop();
      await client?.endAsync(client.connected !== true);
    },
  };
}

/** Handed over means acknowledged by the broker. */
async function sendBy(
  client: MqttClient | undefined,
  { topic, payload, expiresS, answer }: OutboundMessage,
  version: 4 | 5,
): Promise<void> {
  if (!client?.connected) throw notConnected();
  const properties =
    version === 4
      ? {}
      : {
          properties: {
            messageExpiryInterval: expiresS,
            ...(answer
              ? { responseTopic: answer.topic, correlationData: Buffer.from(answer.correlation) }
              : {}),
          },
        };
  const sent = client.publishAsync(topic, payload, { qos: 1, retain: false, ...properties });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('the broker did not acknowledge in time')), SEND_TIMEOUT_MS);
  });
  await Promise.race([sent, late]).finally(() => clearTimeout(timer));
}

function openSocket({ ca, certificate }: ExternalBrokerSettings, url: URL): Socket {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (url.protocol !== 'mqtts:') return connectTcp({ host, port: Number(url.port || 1883), noDelay: true });
  return connectTls({
    ...{ host, port: Number(url.port || 8883) },
    ...(isIP(host) === 0 ? { servername: host } : {}),
    ...(ca === null ? {} : { ca }),
    ...certificate,
  });
}

function clientOptions(settings: ExternalBrokerSettings, version: 4 | 5): IClientOptions {
  return {
    protocolVersion: version,
    clientId: settings.clientId,
    clean: false,
    keepalive: KEEPALIVE_S,
    connectTimeout: CONNECT_TIMEOUT_MS,
    reconnectPeriod: 0,
    resubscribe: false,
    reschedulePings: false,
    ...(settings.user === null ? {} : { username: settings.user }),
    ...(settings.password === null ? {} : { password: settings.password }),
    ...(version === 5
      ? {
          properties: {
            sessionExpiryInterval: SESSION_EXPIRY_S,
            maximumPacketSize: PAYLOAD_LIMIT_BYTES + 4096,
            receiveMaximum: RECEIVE_MAXIMUM,
          },
        }
      : {}),
  };
}
