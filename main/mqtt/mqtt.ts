import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/logging.ts';
import { type RunningBroker, startEmbeddedBroker } from './embedded-broker.ts';
import { startExternalBroker } from './external-broker.ts';
import { keepNoNumbers } from './packet-numbers.ts';
import type { BrokerSettings } from './settings.ts';
import { type ForeignTopics, type MessageSink, NO_FOREIGN_TOPICS } from './types.ts';

export interface MqttOptions {
  broker: BrokerSettings;
  /** The word after `kalancha/v1/` in topics. */
  city: string;
  sink: MessageSink;
  /** Topics of other dialects that are taken beside our own. */
  foreign?: ForeignTopics;
  clock: Clock;
  log: Logger;
}

/**
 * Opens the way by which devices reach the hub. An embedded broker listens when this resolves; an external one is
 * tried for ever, and its absence is no reason not to start.
 * @throws AppError `mqtt-needs-tls`, `mqtt-port-taken`, `mqtt-cannot-listen`, `mqtt-bad-address`
 */
export async function createMqtt(options: MqttOptions): Promise<RunningBroker> {
  const { broker, city, sink, foreign = NO_FOREIGN_TOPICS, clock, log } = options;
  keepNoNumbers();
  return broker.kind === 'embedded'
    ? startEmbeddedBroker({ settings: broker, sink, foreign, clock, log })
    : startExternalBroker({ settings: broker, city, sink, foreign, clock, log });
}
