import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Client, PublishPacket, Subscription } from 'aedes';
import { filterMatches, parseTopic } from './topics.ts';
import type { KeptStatus } from './types.ts';

/** Devices looked at in one turn of the event loop. */
const SLICE = 2_000;
const REFUSED = 128;

/**
 * Retained statuses (MQTT 3.1.1 section 3.3.1.3), told to a new subscriber out of what the hub knows of its devices
 * anyway: a second copy of them would be memory for nothing, and would not outlive a restart.
 */
export function createKeptStatuses(statuses: (deviceId?: string) => Iterable<KeptStatus>) {
  async function tellAll(client: Client, subscriptions: readonly Subscription[]): Promise<void> {
    let looked = 0;
    for (const status of statuses()) {
      if (++looked % SLICE === 0) await nextTurn();
      if (client.closed) return;
      const matching = subscriptions.filter(({ topic }) => filterMatches(topic, status.topic));
      if (matching.length > 0) await tell(client, status, Math.max(...matching.map(({ qos }) => qos)));
    }
  }

  return {
    /** Resolves when everything was handed over, at the reader's pace; at once for who subscribed no statuses. */
    async told(client: Client, subscriptions: readonly Subscription[]): Promise<void> {
      const open: Subscription[] = [];
      for (const subscription of subscriptions) {
        if (Number(subscription.qos) === REFUSED) continue;
        const topic = parseTopic(subscription.topic);
        if (!topic) open.push(subscription);
        else if (topic.channel === 'status')
          for (const status of statuses(topic.deviceId))
            if (status.topic === subscription.topic) await tell(client, status, subscription.qos);
      }
      const wide = open.filter(({ topic }) => /(?:[#+]|\/status)$/.test(topic));
      if (wide.length > 0) await tellAll(client, wide);
    },
  };
}

/** Resolves when the reader has room for more, or is gone. */
function tell(client: Client, { topic, payload }: KeptStatus, granted: number): Promise<void> {
  const packet: PublishPacket = {
    ...{ cmd: 'publish', topic, payload: Buffer.from(payload), retain: true, dup: false },
    qos: granted > 0 ? 1 : 0,
  };
  // Who is gone meanwhile needs nothing more; why he went, the broker tells by itself.
  return new Promise((resolve) => client.publish(packet, () => resolve()));
}
