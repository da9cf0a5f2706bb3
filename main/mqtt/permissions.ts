import { parseTopic, TOPIC_ROOT } from './topics.ts';
import type { ForeignTopic } from './types.ts';

/** Who is connected: a device that showed its secret, or somebody on the same machine without one. */
export type Publisher = { deviceId: string } | 'local';

/** Devices tell, only the hub commands. A device tells of nobody but itself. */
export function mayPublish(publisher: Publisher, topic: string): boolean {
  const parsed = parseTopic(topic);
  if (!parsed || parsed.channel === 'command') return false;
  return publisher === 'local' || parsed.deviceId === publisher.deviceId;
}

/** In another dialect too, a device with a secret tells of nobody but itself, by whichever of its names. */
export const mayPublishForeign = (publisher: Publisher, topic: ForeignTopic): boolean =>
  publisher === 'local' || topic.deviceId === publisher.deviceId;

/** A device hears what is meant for it; local programs hear everything below our root, nothing outside it. */
export function maySubscribe(publisher: Publisher, filter: string): boolean {
  if (publisher === 'local') return filter.startsWith(TOPIC_ROOT) && filter.length <= 300;
  return parseTopic(filter)?.deviceId === publisher.deviceId;
}
