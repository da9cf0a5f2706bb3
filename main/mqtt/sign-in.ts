import { TLSSocket } from 'node:tls';
import type { Client, ConnectPacket } from 'aedes';
import { isLocal as isLoopback } from './address-share.ts';
import type { Publisher } from './permissions.ts';
import type { Refusals } from './refusals.ts';
import type { EmbeddedBrokerSettings } from './settings.ts';
import { isWellFormed } from './well-formed.ts';

const CLIENT_ID_LIMIT = 128;
/** A device may have so many connections; one more ends the oldest, which is most likely a dead one. */
const CONNECTIONS_PER_DEVICE = 4;

/** CONNACK codes (MQTT 3.1.1 section 3.2.2.3): identifier rejected, bad user name or password, not authorized. */
type Refusal = Error & { returnCode: 2 | 4 | 5; proved?: true };
const refusal = (returnCode: Refusal['returnCode'], sentence: string): Refusal =>
  Object.assign(new Error(sentence), { returnCode });

/** Who is connected to the embedded broker, and how he proved it. */
export interface SignIn {
  /** Looks at CONNECT before anything is done. False: end the connection. */
  greet(client: Client, packet: ConnectPacket): boolean;
  /** The one who is there, or the code to refuse him with. */
  identify(client: Client, user: string | undefined, password: Buffer | undefined): Publisher | Refusal;
  publisherOf(client: Client): Publisher | undefined;
  /** The connection is over. */
  left(client: Client): void;
  /** Nothing more is taken from who came in by a secret that ended, not even the Will. */
  endConnections(deviceId: string): void;
  /** The same for one connection, whose certificate ended. */
  endConnection(client: Client): void;
}

export function createSignIn(options: {
  settings: Pick<EmbeddedBrokerSettings, 'anonymousLocal' | 'credentials' | 'isLocal'>;
  refusals: Refusals;
  /** Whether he may publish to this topic. */
  mayTell(publisher: Publisher, topic: string): boolean;
}): SignIn {
  const { settings, refusals, mayTell } = options;
  const { isLocal = isLoopback } = settings;
  const publishers = new WeakMap<Client, Publisher>();
  const nameless = new WeakSet<Client>();
  /** Topics of Wills of who has not said yet who he is. */
  const wills = new WeakMap<Client, string>();
  /** Connections of each device, the oldest first. */
  const byDevice = new Map<string, Client[]>();

  function prove(
    client: Client,
    user: string | undefined,
    password: Buffer | undefined,
  ): Publisher | Refusal {
    const certified = certificateName(client);
    if (certified !== undefined && (user === undefined || user === certified)) return { deviceId: certified };
    if (user !== undefined) {
      if (certified === undefined && password !== undefined && settings.credentials.verify(user, password))
        return { deviceId: user };
      return refusal(4, 'unknown device or wrong secret');
    }
    const remote = 'remoteAddress' in client.conn ? (client.conn.remoteAddress ?? '') : '';
    return settings.anonymousLocal && isLocal(remote) ? 'local' : refusal(5, 'credentials are needed here');
  }

  function keep(client: Client, deviceId: string): void {
    const clients = byDevice.get(deviceId) ?? [];
    byDevice.set(deviceId, clients);
    clients.push(client);
    const oldest = clients.length > CONNECTIONS_PER_DEVICE ? clients[0] : undefined;
    if (!oldest) return;
    refusals.count('crowd', deviceId);
    oldest.close();
  }

  function end(client: Client): void {
    const publisher = publishers.get(client);
    publishers.delete(client);
    if (publisher !== undefined && publisher !== 'local') drop(publisher.deviceId, client);
    client.close();
  }

  return {
    greet(client, packet) {
      if (packet.clientId === '' && packet.clean === false) nameless.add(client);
      if (packet.will) wills.set(client, packet.will.topic);
      // A session that stays, and collects commands meanwhile, has the device itself, once.
      const name = packet.username ?? certificateName(client);
      if (packet.clientId !== name) packet.clean = true;
      return (
        packet.clientId.length <= CLIENT_ID_LIMIT &&
        [packet.clientId, packet.username, packet.will?.topic].every(isWellFormed)
      );
    },
    identify(client, user, password) {
      // MQTT-3.1.3-8: a session that stays needs a name.
      const found = nameless.has(client)
        ? refusal(2, 'a session that stays needs a client id')
        : prove(client, user, password);
      if (found instanceof Error) {
        refusals.count('sign-in', user ?? client.id);
        return found;
      }
      const will = wills.get(client);
      if (will !== undefined && !mayTell(found, will)) {
        refusals.count('will', found === 'local' ? client.id : found.deviceId);
        // He is who he says: no guess that counts against his address.
        return Object.assign(refusal(5, 'a Will may tell of nobody else'), { proved: true as const });
      }
      publishers.set(client, found);
      if (found === 'local') return found;
      // Client ids are each device's own: nobody takes another's connection over by using its name.
      client.id = `${found.deviceId}/${client.id}`;
      if (!client.closed) keep(client, found.deviceId);
      return found;
    },
    publisherOf: (client) => publishers.get(client),
    left(client) {
      const publisher = publishers.get(client);
      if (publisher === undefined || publisher === 'local') return;
      drop(publisher.deviceId, client);
    },
    endConnections(deviceId) {
      for (const client of [...(byDevice.get(deviceId) ?? [])]) end(client);
    },
    endConnection: end,
  };

  function drop(deviceId: string, client: Client): void {
    const rest = (byDevice.get(deviceId) ?? []).filter((other) => other !== client);
    if (rest.length > 0) byDevice.set(deviceId, rest);
    else byDevice.delete(deviceId);
  }
}

/** The device that a client certificate names, if our authority signed it: its subject's common name. */
function certificateName({ conn }: Client): string | undefined {
  if (!(conn instanceof TLSSocket) || !conn.authorized) return undefined;
  const name = conn.getPeerCertificate().subject?.CN;
  return typeof name === 'string' && name !== '' ? name : undefined;
}
