import type { X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/logging.ts';
import { certificatesIn, type RevocationLists } from './revocation.ts';
import type { ClientCertificates } from './settings.ts';

/**
 * Between two looks at whose certificate ended, ms. By the clock on the wall, as TLS itself does, and so not by a timer a
 * connection: those know no more than 24.8 days and nothing of a clock that was put right.
 */
const LOOK_EVERY_MS = 5_000;

/** As much of a connection as is needed here. */
export interface Proved extends Pick<TLSSocket, 'authorized' | 'getPeerX509Certificate'> {
  once(event: 'close', listener: () => void): unknown;
}

/** Connections that a certificate opened: TLS looks at it once, and they may last for months. */
export interface Certified {
  /** Looks after a connection until it closes; `end` ends it. One without a certificate is nobody's concern here. */
  watch(socket: Proved, end: () => void): void;
  /** Other authorities or lists count from now on: ends what they would not let in. */
  renewed(before: ClientCertificates, now: ClientCertificates, lists: RevocationLists | undefined): void;
  stop(): void;
}

interface Connection {
  certificate: X509Certificate;
  /** UTC ms. */
  validTo: number;
  end(): void;
}

export function createCertified({ clock, log }: { clock: Clock; log: Logger }): Certified {
  const connections = new Map<Proved, Connection>();
  /** By the last lists that came while we ran: a handshake may have begun before them and ended after. */
  let revoked: RevocationLists | undefined;

  function end(those: readonly Connection[], why: string): void {
    for (const connection of those) connection.end();
    if (those.length > 0) log.warn({ connections: those.length }, why);
  }

  const looking = setInterval(() => {
    const now = clock.now();
    const over = [...connections.values()].filter(({ validTo }) => validTo < now);
    end(over, 'connections ended: their certificates have expired');
  }, LOOK_EVERY_MS);

  return {
    watch(socket, endIt) {
      if (!socket.authorized) return;
      const certificate = socket.getPeerX509Certificate();
      if (certificate === undefined) return endIt();
      connections.set(socket, { certificate, validTo: certificate.validToDate.getTime(), end: endIt });
      socket.once('close', () => connections.delete(socket));
      if (revoked?.has(certificate)) endIt();
    },
    renewed(before, now, lists) {
      revoked = lists;
      // Who is still trusted comes back at once.
      const all = lostOne(before.ca, now.ca);
      const taken = [...connections.values()].filter(({ certificate }) => all || lists?.has(certificate));
      end(taken, 'connections ended: their certificates were taken back');
    },
    stop() {
      clearInterval(looking);
    },
  };
}

/** Whether an authority is trusted no more. One that came first, or stands in another order, ends nobody. */
function lostOne(before: string, now: string): boolean {
  const plain = (pem: string) => certificatesIn(pem).map((text) => text.replace(/\s+/g, ''));
  const left = new Set(plain(now));
  return plain(before).some((one) => !left.has(one));
}
