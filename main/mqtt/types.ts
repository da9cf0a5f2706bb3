import type { Trouble } from '../contract/trouble.ts';
import type { DeviceTopic } from './topics.ts';

/** A topic of another dialect, and whose it is. */
export interface ForeignTopic {
  /** As it stands in the message. */
  foreign: string;
  /** `status` tells of life and death. */
  channel: 'status' | 'state' | 'event';
  /** Undefined: no device of the registry goes by the name in it. */
  deviceId: string | undefined;
}

export type MessageTopic = DeviceTopic | ForeignTopic;

/** The topics of the dialects in use, known to the health room. */
export interface ForeignTopics {
  /** What the hub subscribes for them at an external broker. */
  readonly filters: Readonly<Record<string, { qos: 0 | 1 }>>;
  /** Undefined: no topic of a dialect in use. */
  parse(topic: string): ForeignTopic | undefined;
}

/** Nobody speaks another dialect. */
export const NO_FOREIGN_TOPICS: ForeignTopics = { filters: {}, parse: () => undefined };

/** One message from a device, wherever it came from: embedded broker, external broker or the journal. */
export interface InboundMessage {
  topic: MessageTopic;
  payload: Buffer;
  /** Delivered because the broker had kept it, not because it was sent just now. */
  retained: boolean;
  /** When the hub received it, UTC ms. */
  rxAt: number;
}

/** The state of the way by which devices reach the hub. */
export interface LinkStatus {
  kind: 'embedded' | 'external';
  /** Without user and password. */
  address: string;
  /** UTC ms since when nothing can come in; null while it works. */
  downSince: number | null;
  /** What needs somebody; null while nothing does. */
  error: Trouble | null;
}

/** A message of the hub to one device. Never retained, QoS 1. */
export interface OutboundMessage {
  topic: string;
  payload: string;
  /** The broker may drop it after so many seconds (MQTT 5 section 3.3.2.3.3). */
  expiresS: number;
  /** Where to answer, and with what (MQTT 5 section 4.10), for brokers that speak version 5. */
  answer?: { topic: string; correlation: string };
}

/** Who takes what the brokers receive: the health room. */
export interface MessageSink {
  /** Is this the topic of a device that the registry has, shard and kind included? */
  knows(topic: MessageTopic): boolean;
  /** What every device, or one of them, last said of its life, as its retained status topic would tell it. */
  statuses(deviceId?: string): Iterable<KeptStatus>;
  /** A device sent more at once than is read of anybody: counted against it. */
  oversized(deviceId: string): void;
  /** May this device hear commands to that one, because it speaks for it? */
  speaksFor(gatewayId: string, deviceId: string): boolean;
  /** True when a device says more than any sound one does: counted against it, and not to be taken. */
  floods(topic: MessageTopic, payload: Buffer): boolean;
  /** Takes one message into account. Never throws. */
  take(message: InboundMessage): void;
  /** Stores messages whose acknowledgement waits for it. Rejects when they could not be stored; may be tried again. */
  store(messages: readonly InboundMessage[]): Promise<StoredBatch>;
  /** The way to the devices broke, came back or changed its error. */
  link(status: LinkStatus): void;
  /** The broker gave a sign of life at this `clock.monotonic()`: silence until then is the devices' own. */
  heard(monotonicMs: number): void;
  /** Storing fails (since, UTC ms) or works again (null). */
  storing(failingSince: number | null): void;
}

/** A status as it is told to a new subscriber. */
export interface KeptStatus {
  topic: string;
  /** A `StatusPayload` as JSON. */
  payload: string;
}

/** Handed back when every message of the batch was taken. */
export interface StoredBatch {
  taken(): void;
}

/** Secrets of devices, checked at every connection, so from memory. */
export interface DeviceCredentialCheck {
  verify(deviceId: string, secret: Buffer): boolean;
  /** Told of each device whose secret just ended: what is connected by it must not stay. Answers how to stop. */
  onEnded(listener: (deviceId: string) => void): () => void;
}
