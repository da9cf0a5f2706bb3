import { type DeviceTopic, parseTopic, TOPIC_ROOT } from './topics.ts';
import type { ForeignTopic } from './types.ts';
import { isWellFormed } from './well-formed.ts';

/** Who is connected: a device that showed its secret or certificate, or somebody on the same machine without one. */
export type Publisher = { deviceId: string } | 'local';

/** Devices tell, only the hub commands. On its topics a device tells of itself, a gateway also of those below it. */
export const mayPublish = (publisher: Publisher, { channel, deviceId }: DeviceTopic): boolean =>
  channel !== 'command' && (publisher === 'local' || deviceId === publisher.deviceId);

/** In another dialect too, a device with a secret tells of nobody but itself, by whichever of its names. */
export const mayPublishForeign = (publisher: Publisher, topic: ForeignTopic): boolean =>
  publisher === 'local' || topic.deviceId === publisher.deviceId;

/**
 * A device hears the commands to it and nothing else, a gateway also the commands to those it speaks for; local programs hear
 * everything below our root, nothing outside it.
 */
export function maySubscribe(
  publisher: Publisher,
  filter: string,
  speaksFor: (gatewayId: string, deviceId: string) => boolean,
): boolean {
  if (publisher === 'local')
    return filter.startsWith(TOPIC_ROOT) && filter.length <= 300 && isWellFormed(filter);
  const topic = parseTopic(filter);
  if (topic?.channel !== 'command') return false;
  return topic.deviceId === publisher.deviceId || speaksFor(publisher.deviceId, topic.deviceId);
}
