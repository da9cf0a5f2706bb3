import type { EventBus } from './base/event-bus.ts';
import type { HubEvents } from './contract/hub-events.ts';
import type { HealthView } from './health/types.ts';

/** Hands what the hub itself sees of each camera's stream to health, where it wins over what the camera claims. */
export function tellStreams(bus: EventBus<HubEvents>, health: HealthView): () => void {
  return bus.on('stream.changed', ({ cameraId, state, problem }) => {
    if (state === 'running') health.streamSeen(cameraId, { ok: true, reason: 'stream-ok' });
    else if (state === 'waiting' && problem !== null)
      health.streamSeen(cameraId, { ok: false, reason: 'stream-lost' });
  });
}
