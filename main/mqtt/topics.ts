import { hash } from 'node:crypto';

export const TopicKinds = ['camera', 'ap', 'switch', 'gateway'] as const;
export type TopicKind = (typeof TopicKinds)[number];
export const Channels = ['status', 'state', 'event', 'command', 'ack'] as const;
export type Channel = (typeof Channels)[number];

/** `kalancha/v1/{city}/{shard}/{kind}/{deviceId}/{channel}`, taken apart. */
export interface DeviceTopic {
  city: string;
  shard: string;
  kind: TopicKind;
  deviceId: string;
  channel: Channel;
}

export const TOPIC_ROOT = 'kalancha/v1/';
export const CITY_PATTERN = /^[a-z0-9-]{1,32}$/;
/** One pass over the text: every message of a city goes through it. */
const TOPIC_PATTERN =
  /^kalancha\/v1\/([a-z0-9-]{1,32})\/([0-9a-f]{2})\/([a-z]{2,7})\/([A-Za-z0-9][A-Za-z0-9._-]{0,63})\/([a-z]{3,7})$/;

/** First byte of SHA-256 of the device id as two hex digits: lets several hubs share the load on any broker. */
export const shardOf = (deviceId: string): string => hash('sha256', deviceId, 'hex').slice(0, 2);

/** Whether the shard is the right one for the device is not looked at here. Undefined: no topic of ours. */
export function parseTopic(topic: string): DeviceTopic | undefined {
  const [, city, shard, kindText, deviceId, channelText] = TOPIC_PATTERN.exec(topic) ?? [];
  const kind = TopicKinds.find((known) => known === kindText);
  const channel = Channels.find((known) => known === channelText);
  if (!kind || !channel || !city || !shard || !deviceId) return undefined;
  return { city, shard, kind, deviceId, channel };
}

export const formatTopic = ({ city, shard, kind, deviceId, channel }: DeviceTopic): string =>
  `${TOPIC_ROOT}${city}/${shard}/${kind}/${deviceId}/${channel}`;

/** The topic of a device's channel, with the right shard. */
export const topicOf = (city: string, kind: TopicKind, deviceId: string, channel: Channel): string =>
  formatTopic({ city, shard: shardOf(deviceId), kind, deviceId, channel });

/**
 * What the hub subscribes at an external broker. Only `state` goes without acknowledgement: a QoS 1 subscription
 * lost more of it under load than none, and what is missing is counted by `seq`. Without "retain as published"
 * (MQTT 5 section 3.8.3.1) a set retain flag means that the message was kept, not sent just now.
 */
export const hubSubscriptions = (city: string): Record<string, { qos: 0 | 1 }> => ({
  [`${TOPIC_ROOT}${city}/+/+/+/status`]: { qos: 1 },
  [`${TOPIC_ROOT}${city}/+/+/+/event`]: { qos: 1 },
  [`${TOPIC_ROOT}${city}/+/+/+/ack`]: { qos: 1 },
  [`${TOPIC_ROOT}${city}/+/+/+/state`]: { qos: 0 },
});

/** Whether a subscription's filter takes a topic in (MQTT 3.1.1 section 4.7). */
export function filterMatches(filter: string, topic: string): boolean {
  const wanted = filter.split('/');
  const levels = topic.split('/');
  if (topic.startsWith('$') && (wanted[0] === '+' || wanted[0] === '#')) return false;
  for (const [i, level] of wanted.entries()) {
    if (level === '#') return true;
    if (i >= levels.length || (level !== '+' && level !== levels[i])) return false;
  }
  return wanted.length === levels.length;
}
