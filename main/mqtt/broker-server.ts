import { constants } from 'node:crypto';
import { createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type SecureContextOptions, type TLSSocket } from 'node:tls';
import { messageOf } from '../base/errors.ts';
import type { Logger } from '../base/logging.ts';
import type { BrokerCertificates, ClientCertificates, EmbeddedBrokerSettings } from './settings.ts';

/** Silence after which the system asks whether the other side is still there: some clients ask for no keepalive. */
const TCP_KEEPALIVE_MS = 300_000;

/** A certificate of an authority that is not ours is no way in, whatever else its holder shows. */
export const trusted = (socket: TLSSocket): boolean =>
  socket.authorized || Object.keys(socket.getPeerCertificate()).length === 0;

/**
 * The embedded broker's port, with TLS where certificates are given. Those are looked at again from time to time: a
 * new one, or a longer list of revoked ones, counts for every connection from then on, and whoever came in before is
 * told of it. Clear `renewing` at the end.
 */
export function createBrokerServer(options: {
  tls: EmbeddedBrokerSettings['tls'];
  /** Each connection as it is opened, before TLS. False: it is no concern of anybody any more. */
  admit(socket: Socket): boolean;
  /** One over which MQTT is spoken. */
  onConnection(socket: Socket): void;
  /** No TLS came about with somebody there. */
  onTlsFailure(address: string | undefined): void;
  /** Other authorities of clients, or another list of revoked ones, count from now on. */
  onRenewedClients(before: ClientCertificates, now: ClientCertificates): void;
  handshakeTimeoutMs: number;
  log: Logger;
}): { server: Server; renewing: NodeJS.Timeout | undefined } {
  const { tls, admit, onConnection, onTlsFailure, onRenewedClients, handshakeTimeoutMs, log } = options;
  const tcp = { noDelay: true, keepAlive: true, keepAliveInitialDelay: TCP_KEEPALIVE_MS };
  const listening = (next: (socket: Socket) => void): Server =>
    createTcpServer(tcp, (socket) => {
      if (admit(socket)) next(socket);
    });
  if (!tls) return { server: listening(onConnection), renewing: undefined };
  const { clients, renewal } = tls;
  const asked = clients ? { requestCert: true, rejectUnauthorized: clients.required } : {};
  const secured = createTlsServer(
    { ...asked, ...contextOf(tls), handshakeTimeout: handshakeTimeoutMs },
    onConnection,
  );
  secured.on('tlsClientError', (_error, socket) => onTlsFailure(socket.remoteAddress));
  const server = listening((socket) => void secured.emit('connection', socket));
  if (!renewal) return { server, renewing: undefined };
  let used = JSON.stringify(contextOf(tls));
  let usedClients = clients;
  let problem = '';
  const renew = (): void => {
    try {
      const read = renewal.read();
      const context = contextOf(read);
      const now = JSON.stringify(context);
      if (now === used) return;
      secured.setSecureContext(context);
      used = now;
      problem = '';
      log.info('the broker uses changed certificates');
      if (usedClients && read.clients) onRenewedClients(usedClients, read.clients);
      usedClients = read.clients;
    } catch (error) {
      // Told once: half-written files are read again soon.
      if (messageOf(error) !== problem) log.warn({ problem: messageOf(error) }, 'the old certificates stay');
      problem = messageOf(error);
    }
  };
  return { server, renewing: setInterval(renew, renewal.everyMs) };
}

const contextOf = ({ cert, key, clients }: BrokerCertificates): SecureContextOptions => ({
  cert,
  key,
  // A resumed session would not look at the certificate again, nor whether it was taken back meanwhile.
  ...(clients ? { ca: clients.ca, secureOptions: constants.SSL_OP_NO_TICKET } : {}),
  ...(clients?.crl === undefined ? {} : { crl: clients.crl }),
});
