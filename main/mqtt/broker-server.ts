import { constants } from 'node:crypto';
import { createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type SecureContextOptions, type TLSSocket } from 'node:tls';
import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/logging.ts';
import type { Trouble } from '../contract/trouble.ts';
import { certificateTrouble, overdueTrouble } from './certificate-trouble.ts';
import { type RevocationLists, readRevocationLists } from './revocation.ts';
import type { BrokerCertificates, ClientCertificates, EmbeddedBrokerSettings } from './settings.ts';

/** Silence after which the system asks whether the other side is still there: some clients ask for no keepalive. */
const TCP_KEEPALIVE_MS = 300_000;

/** A certificate of an authority that is not ours is no way in, whatever else its holder shows. */
export const trusted = (socket: TLSSocket): boolean =>
  socket.authorized || Object.keys(socket.getPeerCertificate()).length === 0;

export interface BrokerServer {
  server: Server;
  /** When the lists of revoked certificates in use are to be replaced, UTC ms; null without a list or date. */
  listsDueAt(): number | null;
  /** Certificates are not looked at any more. */
  stop(): void;
}

/**
 * The embedded broker's port, with TLS where certificates are given. Those are looked at again from time to time: a
 * new one, or a longer list of revoked ones, counts for every connection from then on, and whoever came in before is
 * told of it.
 * @throws AppError `mqtt-crl-empty`, `mqtt-crl-unreadable`, `mqtt-crl-unsigned`
 */
export async function createBrokerServer(options: {
  tls: EmbeddedBrokerSettings['tls'];
  /** Each connection as it is opened, before TLS. False: it is no concern of anybody any more. */
  admit(socket: Socket): boolean;
  /** One over which MQTT is spoken. */
  onConnection(socket: Socket): void;
  /** No TLS came about with somebody there. */
  onTlsFailure(address: string | undefined): void;
  /** Other authorities of clients, or another list of revoked ones, count from now on. */
  onRenewedClients(
    before: ClientCertificates,
    now: ClientCertificates,
    lists: RevocationLists | undefined,
  ): void;
  /** Certificates or lists cannot be used as they are now; null when they can. */
  onTrouble(trouble: Trouble | null): void;
  handshakeTimeoutMs: number;
  clock: Clock;
  log: Logger;
}): Promise<BrokerServer> {
  const { tls, admit, onConnection, onTlsFailure, onTrouble, handshakeTimeoutMs, clock, log } = options;
  const tcp = { noDelay: true, keepAlive: true, keepAliveInitialDelay: TCP_KEEPALIVE_MS };
  const listening = (next: (socket: Socket) => void): Server =>
    createTcpServer(tcp, (socket) => {
      if (admit(socket)) next(socket);
    });
  if (!tls) return { server: listening(onConnection), listsDueAt: () => null, stop: () => undefined };
  const { clients, renewal } = tls;
  let lists = await listsOf(clients);
  const asked = clients ? { requestCert: true, rejectUnauthorized: clients.required } : {};
  const secured = createTlsServer(
    { ...asked, ...contextOf(tls), handshakeTimeout: handshakeTimeoutMs },
    onConnection,
  );
  secured.on('tlsClientError', (_error, socket) => onTlsFailure(socket.remoteAddress));
  const server = listening((socket) => void secured.emit('connection', socket));
  const listsDueAt = () => lists?.nextUpdate ?? null;
  if (!renewal) return { server, listsDueAt, stop: () => undefined };
  const { read: readAgain, everyMs } = renewal;
  let used = JSON.stringify(contextOf(tls));
  let usedClients = clients;
  let problem: Trouble | null = null;
  let trouble: Trouble | null = null;
  let stopped = false;
  async function renew(): Promise<void> {
    const read = readAgain();
    const context = contextOf(read);
    const now = JSON.stringify(context);
    if (now === used) {
      problem = null;
      return;
    }
    const newLists = await listsOf(read.clients);
    if (stopped) return;
    secured.setSecureContext(context);
    [used, problem, lists] = [now, null, newLists];
    log.info('the broker uses changed certificates');
    if (usedClients && read.clients) options.onRenewedClients(usedClients, read.clients, newLists);
    usedClients = read.clients;
  }
  /** Each once: half-written files are read again soon. */
  function tellTrouble(): void {
    const found = problem ?? overdueTrouble(lists, clock.now());
    if (found?.text === trouble?.text || stopped) return;
    if (found !== null) log.error({ problem: found.text }, 'the certificates of the broker need somebody');
    trouble = found;
    onTrouble(found);
  }

  let renewing = false;
  const timer = setInterval(() => {
    if (renewing) return;
    renewing = true;
    renew()
      .catch((error: unknown) => {
        problem = certificateTrouble(error);
      })
      .finally(() => {
        renewing = false;
        tellTrouble();
      });
  }, everyMs);
  tellTrouble();
  return {
    server,
    listsDueAt,
    stop() {
      stopped = true;
      clearInterval(timer);
    },
  };
}

const listsOf = async (clients: ClientCertificates | undefined): Promise<RevocationLists | undefined> =>
  clients?.crl === undefined ? undefined : readRevocationLists(clients.crl, clients.ca);

const contextOf = ({ cert, key, clients }: BrokerCertificates): SecureContextOptions => ({
  cert,
  key,
  // A resumed session would not look at the certificate again, nor whether it was taken back meanwhile.
  ...(clients ? { ca: clients.ca, secureOptions: constants.SSL_OP_NO_TICKET } : {}),
  ...(clients?.crl === undefined ? {} : { crl: clients.crl }),
});
