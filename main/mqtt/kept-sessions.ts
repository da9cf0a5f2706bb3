import type { Aedes, Client, PublishPacket, Subscription } from 'aedes';

interface Numbered {
  messageId?: number;
}

/** What the library keeps of sessions (MQTT 3.1.1 section 4.1), as far as it concerns us. */
interface SessionStore {
  addSubscriptions(client: Client, subscriptions: readonly Subscription[]): Promise<void>;
  subscriptionsByClient(client: Pick<Client, 'id'>): Promise<readonly Subscription[]>;
  incomingStorePacket(client: Client, packet: PublishPacket): Promise<void>;
  incomingDelPacket(client: Client, packet: Numbered): Promise<void>;
  cleanIncoming(client: Pick<Client, 'id'>): Promise<void>;
  outgoingClearMessageId(client: Client, packet: Numbered): Promise<unknown>;
}

const METHODS = [
  'addSubscriptions',
  'subscriptionsByClient',
  'incomingStorePacket',
  'incomingDelPacket',
  'cleanIncoming',
  'outgoingClearMessageId',
] as const satisfies readonly (keyof SessionStore)[];

const isSessionStore = (value: unknown): value is SessionStore =>
  typeof value === 'object' &&
  value !== null &&
  METHODS.every((method) => typeof Reflect.get(value, method) === 'function');

/** What one session may make the broker keep. */
export interface SessionLimits {
  filters: number;
  /** Messages of QoS 2 that were taken and not released by PUBREL. */
  unreleased: number;
}

/**
 * Bounds what the library keeps of sessions. By itself it
 * - keeps all filters of one SUBSCRIBE as soon as one of them is granted: with its own topic and `#` in one packet a
 *   device would have had a whole city's messages collected while it is away; and does so once for each filter, which
 *   for thousands of them holds up the event loop for minutes;
 * - bounds messages of QoS 2 that wait for PUBREL by connection, so that who comes back for the same session again and
 *   again has thousands kept, payloads included, of which only the numbers are ever asked;
 * - keeps an entry for ever of each client id that acknowledged anything in a session that does not stay.
 */
export function boundSessions(
  broker: Aedes,
  limits: SessionLimits,
  granted: (client: Client, filter: string) => boolean,
): void {
  const found: unknown = Reflect.get(broker, 'persistence');
  if (!isSessionStore(found)) throw new Error('this broker keeps its sessions in another way than was known');
  const store = found;

  const add = store.addSubscriptions.bind(store);
  async function addGranted(client: Client, subscriptions: readonly Subscription[]): Promise<void> {
    const known = new Set((await store.subscriptionsByClient(client)).map(({ topic }) => topic));
    const kept = subscriptions.filter(({ topic }) => {
      if (!granted(client, topic) || (!known.has(topic) && known.size >= limits.filters)) return false;
      known.add(topic);
      return true;
    });
    if (kept.length > 0) await add(client, kept);
  }
  // The library hands over the whole packet for each filter in it.
  const packets = new WeakMap<readonly Subscription[], Promise<void>>();
  store.addSubscriptions = (client, subscriptions) => {
    const adding = packets.get(subscriptions) ?? addGranted(client, subscriptions);
    packets.set(subscriptions, adding);
    return adding;
  };

  const take = store.incomingStorePacket.bind(store);
  const release = store.incomingDelPacket.bind(store);
  const clean = store.cleanIncoming.bind(store);
  const unreleased = new Map<string, Set<number | undefined>>();
  store.incomingStorePacket = async (client, packet) => {
    const numbers = unreleased.get(client.id) ?? new Set();
    if (!numbers.has(packet.messageId) && numbers.size >= limits.unreleased)
      throw new Error('too many messages that wait for their release');
    unreleased.set(client.id, numbers.add(packet.messageId));
    await take(client, { ...packet, topic: '', payload: Buffer.alloc(0) });
  };
  store.incomingDelPacket = async (client, packet) => {
    const numbers = unreleased.get(client.id);
    numbers?.delete(packet.messageId);
    if (numbers?.size === 0) unreleased.delete(client.id);
    await release(client, packet);
  };
  store.cleanIncoming = (client) => {
    unreleased.delete(client.id);
    return clean(client);
  };

  const acknowledge = store.outgoingClearMessageId.bind(store);
  store.outgoingClearMessageId = async (client, packet) =>
    client.clean ? undefined : acknowledge(client, packet);
}
