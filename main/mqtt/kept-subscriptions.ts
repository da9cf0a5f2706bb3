import type { Aedes, Client, Subscription } from 'aedes';

/** What the library keeps of sessions that stay (MQTT 3.1.1 section 3.1.2.4), as far as it concerns us. */
interface SessionStore {
  addSubscriptions(client: Client, subscriptions: readonly Subscription[]): Promise<void>;
}

const isSessionStore = (value: unknown): value is SessionStore =>
  typeof value === 'object' &&
  value !== null &&
  'addSubscriptions' in value &&
  typeof value.addSubscriptions === 'function';

/**
 * Lets a session keep only what it was granted. The library keeps all filters of one SUBSCRIBE as soon as one of them
 * is granted: with its own topic and `#` in one packet a device would have had a whole city's messages collected for
 * itself while it is away, which it would never get, and which fill the memory.
 */
export function keepOnlyGranted(broker: Aedes, granted: (client: Client, filter: string) => boolean): void {
  const store: unknown = Reflect.get(broker, 'persistence');
  if (!isSessionStore(store)) throw new Error('this broker keeps its sessions in another way than was known');
  const add = store.addSubscriptions.bind(store);
  store.addSubscriptions = (client, subscriptions) =>
    add(
      client,
      subscriptions.filter(({ topic }) => granted(client, topic)),
    );
}
