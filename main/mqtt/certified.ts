import { X509Certificate } from 'node:crypto';
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
  /** Until when it and all authorities above it are valid, UTC ms. */
  validTo: number;
  end(): void;
}

/** @param ca authorities of clients, PEM */
export function createCertified({ clock, log, ca }: { clock: Clock; log: Logger; ca: string }): Certified {
  const connections = new Map<Proved, Connection>();
  let trusted = certificatesIn(ca).map((pem) => new X509Certificate(pem));
  /** By the last lists that came while we ran: a handshake may have begun before them and ended after. */
  let revoked: RevocationLists | undefined;

  function end(those: readonly Connection[], why: string): void {
    for (const connection of those) connection.end();
    if (those.length > 0) log.warn({ connections: those.length }, why);
  }

  const looking = setInterval(() => {
    const now = clock.now();
    const over = [...connections.values()].filter(({ validTo }) => validTo < now);
    end(over, 'connections ended: their certificates, or an authority above them, have expired');
  }, LOOK_EVERY_MS);

  return {
    watch(socket, endIt) {
      if (!socket.authorized) return;
      const certificate = socket.getPeerX509Certificate();
      if (certificate === undefined) return endIt();
      connections.set(socket, { certificate, validTo: validUntil(certificate, trusted), end: endIt });
      socket.once('close', () => connections.delete(socket));
      if (revoked?.has(certificate)) endIt();
    },
    renewed(before, now, lists) {
      revoked = lists;
      trusted = certificatesIn(now.ca).map((pem) => new X509Certificate(pem));
      for (const connection of connections.values())
        connection.validTo = validUntil(connection.certificate, trusted);
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

/** As much of a certificate as is needed to follow it upwards. */
export interface Link {
  readonly validToDate: Date;
  /** What its holder sent as the next one. */
  readonly issuerCertificate?: X509Certificate | undefined;
  checkIssued(issuer: X509Certificate): boolean;
}

/** More than any authority has above it. */
const CHAIN_LIMIT = 10;

/**
 * When the first of a certificate and those above it ends (RFC 5280 section 6.1.3), UTC ms. TLS has checked all
 * signatures; of an authority that we trust by several certificates the longest one counts, as it does for TLS.
 */
export function validUntil(leaf: Link, trusted: readonly X509Certificate[]): number {
  let until = leaf.validToDate.getTime();
  let link = leaf;
  for (let step = 0; step < CHAIN_LIMIT; step++) {
    const above = trusted
      .filter((authority) => link.checkIssued(authority))
      .sort((a, b) => b.validToDate.getTime() - a.validToDate.getTime())[0];
    const next = above ?? link.issuerCertificate;
    if (next === undefined || next === link) break;
    until = Math.min(until, next.validToDate.getTime());
    // A root is its own issuer.
    if (next.checkIssued(next)) break;
    link = next;
  }
  return until;
}

/** Whether an authority is trusted no more. One that came first, or stands in another order, ends nobody. */
function lostOne(before: string, now: string): boolean {
  const plain = (pem: string) => certificatesIn(pem).map((text) => text.replace(/\s+/g, ''));
  const left = new Set(plain(now));
  return plain(before).some((one) => !left.has(one));
}
