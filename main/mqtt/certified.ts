import type { TLSSocket } from 'node:tls';
import { messageOf } from '../base/errors.ts';
import type { Logger } from '../base/logging.ts';
import { markOf, revokedIn } from './revocation.ts';
import type { ClientCertificates } from './settings.ts';

/** Connections that a certificate opened: TLS looks at it once, and they may last for months. */
export interface Certified {
  /** Looks after a connection until it closes; `end` ends it. One without a certificate is nobody's concern here. */
  watch(socket: TLSSocket, end: () => void): void;
  /** Other authorities or lists count from now on: ends what they would not let in. */
  renewed(before: ClientCertificates, now: ClientCertificates): void;
}

export function createCertified(log: Logger): Certified {
  const ends = new Map<TLSSocket, () => void>();
  /** By the last list that came while we ran: a handshake may have begun before it and ended after. */
  let revoked: ReadonlySet<string> = new Set();

  /** Whether an authority is trusted no more. One that came first, or stands in another order, ends nobody. */
  const lostOne = (before: string, now: string): boolean => {
    const left = new Set(certificatesIn(now));
    return certificatesIn(before).some((one) => !left.has(one));
  };

  function isRevoked(socket: TLSSocket): boolean {
    if (revoked.size === 0) return false;
    const certificate = socket.getPeerX509Certificate();
    try {
      return certificate === undefined || revoked.has(markOf(certificate.raw));
    } catch (error) {
      log.error({ problem: messageOf(error) }, 'a certificate that cannot be read is taken for revoked');
      return true;
    }
  }

  function overdue(before: ClientCertificates, now: ClientCertificates): TLSSocket[] {
    try {
      // Who is still trusted comes back at once.
      if (lostOne(before.ca, now.ca)) return [...ends.keys()];
      if (now.crl === undefined || now.crl === before.crl) return [];
      revoked = revokedIn(now.crl);
      return [...ends.keys()].filter(isRevoked);
    } catch (error) {
      log.error({ problem: messageOf(error) }, 'who came in by a revoked certificate cannot be told');
      return [...ends.keys()];
    }
  }

  return {
    watch(socket, end) {
      if (!socket.authorized) return;
      ends.set(socket, end);
      socket.once('close', () => ends.delete(socket));
      if (isRevoked(socket)) end();
    },
    renewed(before, now) {
      const ending = overdue(before, now);
      for (const socket of ending) ends.get(socket)?.();
      if (ending.length > 0)
        log.warn({ connections: ending.length }, 'connections ended: their certificates were taken back');
    },
  };
}

const certificatesIn = (pem: string): string[] =>
  [...pem.matchAll(/-----BEGIN CERTIFICATE-----([^-]*)-----END CERTIFICATE-----/g)].map(([, base64 = '']) =>
    base64.replace(/\s+/g, ''),
  );
