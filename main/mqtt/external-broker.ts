import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/logging.ts';
import { PAYLOAD_LIMIT_BYTES } from '../contract/mqtt-payloads.ts';
import { brokerSentence, isUnsupportedVersion } from './broker-errors.ts';
import { type CommitGate, createCommitGate } from './commit-gate.ts';
import type { RunningBroker } from './embedded-broker.ts';
import { type ExternalBrokerSettings, parseBrokerAddress } from './settings.ts';
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
  // No window: the library hands over one message at a time, so waiting for company would only be waiting.
  const gate = createCommitGate({ sink, clock, log, windowMs: 0 });
  const link: LinkStatus = {
    kind: 'external',
    address: `${url.protocol}//${host}`,
    downSince: clock.now(),
    error: `Not connected to the broker ${host} yet.`,
  };
  let version: 4 | 5 = 5;
  let failures = 0;
  let client: MqttClient | undefined;
  let retry: NodeJS.Timeout | undefined;
  let stopped = false;
  sink.link(link);

  function connect(): void {
    retry = undefined;
    const current = mqtt.connect(clientOptions(settings, url, version));
    client = current;
    let lastError: unknown;
    current.handleMessage = (packet, done) => {
      sink.heard(clock.monotonic());
      const topic = parseTopic(packet.topic) ?? foreign.parse(packet.topic);
      if (!topic || topic.channel === 'command') {
        done();
        return;
      }
      const payload = typeof packet.payload === 'string' ? Buffer.from(packet.payload) : packet.payload;
      if (!packet.retain && sink.floods(topic, payload)) {
        done();
        return;
      }
      const message: InboundMessage = { topic, payload, retained: packet.retain, rxAt: clock.now() };
      receive(gate, sink, message, packet.qos, done);
    };
    current.on('packetreceive', () => sink.heard(clock.monotonic()));
    current.on('error', (error) => {
      lastError = error;
    });
    current.on('connect', () => {
      current.subscribe({ ...hubSubscriptions(city), ...foreign.filters }, (error, granted) => {
        const refused = granted?.find((grant) => grant.qos === 128);
        if (error || refused) {
          lastError = error ?? new Error(`it does not let this user read ${refused?.topic ?? 'our topics'}`);
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
      const sentence = brokerSentence(
        host,
        lastError ?? Object.assign(new Error('closed'), { code: 'ECONNRESET' }),
      );
      if (link.downSince === null || link.error !== sentence)
        log.warn({ address: link.address, problem: sentence }, 'monitoring interrupted');
      link.downSince ??= clock.now();
      link.error = sentence;
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
    send: (message) => sendBy(link.downSince === null ? client : undefined, message, version),
    async stop() {
      stopped = true;
      clearTimeout(retry);
      await gate.stop();
      await client?.endAsync(client.connected !== true);
    },
  };
}

function receive(
  gate: CommitGate,
  sink: MessageSink,
  message: InboundMessage,
  qos: 0 | 1 | 2,
  done: (error?: Error) => void,
): void {
  if (qos === 0) {
    sink.take(message);
    done();
    return;
  }
  // What the broker retains it tells again at the next subscription: it cannot be lost, and a whole city's
  // must not wait for one write each.
  if (message.retained) {
    gate.hold(message, (error) => {
      if (error) sink.take(message);
    });
    done();
    return;
  }
  gate.hold(message, done);
}

/** Handed over means acknowledged by the broker. */
async function sendBy(
  client: MqttClient | undefined,
  { topic, payload, expiresS, answer }: OutboundMessage,
  version: 4 | 5,
): Promise<void> {
  if (!client?.connected) throw new Error('not connected to the broker');
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

function clientOptions(settings: ExternalBrokerSettings, url: URL, version: 4 | 5): IClientOptions {
  const secure = url.protocol === 'mqtts:';
  return {
    protocol: secure ? 'mqtts' : 'mqtt',
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (secure ? 8883 : 1883) : Number(url.port),
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
    ...(secure && settings.ca !== null ? { ca: settings.ca } : {}),
    ...(version === 5
      ? {
          properties: {
            sessionExpiryInterval: SESSION_EXPIRY_S,
            maximumPacketSize: PAYLOAD_LIMIT_BYTES + 4096,
          },
        }
      : {}),
  };
}
