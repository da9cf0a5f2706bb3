import type { Aedes, PublishPacket } from 'aedes';

/**
 * Keeps the library from carrying through the broker what devices say to nobody: the hub has taken it where it was
 * authorised, and most of the time no other program listens. Half the cost of a message would be finding that out.
 * Nothing is kept for sessions that are away: those hold commands alone, which the hub says (`permissions.ts`).
 */
export function passUnheard(broker: Aedes, hears: (topic: string) => boolean): void {
  const publish: unknown = Reflect.get(broker, 'publish');
  if (typeof publish !== 'function') throw new Error('this broker publishes in another way than was known');
  Reflect.set(broker, 'publish', (packet: PublishPacket, client: unknown, done: unknown) => {
    // Without a client it is the hub's own or the library's.
    if (typeof client === 'object' && client !== null && typeof done === 'function' && !hears(packet.topic))
      done();
    else Reflect.apply(publish, broker, [packet, client, done]);
  });
}
