import { verify, X509Certificate } from 'node:crypto';
import { Certificate, CertificateRevocationList } from 'pkijs';
import { AppError, messageOf } from '../base/errors.ts';

/** Keys whose signatures need no digest (RFC 8410), which Web Crypto's names do not cover. */
const EDWARDS = new Set(['ed25519', 'ed448']);

/** Lists of revoked certificates (RFC 5280 section 5) that an authority of ours signed. */
export interface RevocationLists {
  /** Whether a certificate stands in them. */
  has(certificate: X509Certificate): boolean;
  /** When the first of them is to be replaced by a newer one, UTC ms; null when none says so. */
  nextUpdate: number | null;
}

/**
 * Reads lists in PEM, one after the other, and looks at their signatures.
 * @param authorities of clients, PEM
 * @throws AppError `mqtt-crl-empty`, `mqtt-crl-unreadable`, `mqtt-crl-unsigned` by none of these authorities
 */
export async function readRevocationLists(pem: string, authorities: string): Promise<RevocationLists> {
  const trusted = certificatesIn(authorities).map((text) => new X509Certificate(text));
  const serials = new Map<string, Set<string>>();
  let nextUpdate: number | null = null;
  const blocks = [...pem.matchAll(/-----BEGIN X509 CRL-----([^-]*)-----END X509 CRL-----/g)];
  if (blocks.length === 0) throw badList('mqtt-crl-empty', 'it holds none');
  for (const [, base64 = ''] of blocks) {
    const list = parse(Buffer.from(base64, 'base64'));
    const signers = await signersOf(list, trusted);
    if (signers.length === 0)
      throw badList('mqtt-crl-unsigned', 'none of the authorities of clients signed it');
    for (const { subject } of signers) {
      const revoked = serials.get(subject) ?? new Set();
      serials.set(subject, revoked);
      for (const { userCertificate } of list.revokedCertificates ?? [])
        revoked.add(plainSerial(Buffer.from(userCertificate.valueBlock.valueHexView).toString('hex')));
    }
    const due = list.nextUpdate?.value.getTime();
    if (due !== undefined) nextUpdate = Math.min(due, nextUpdate ?? due);
  }
  return {
    nextUpdate,
    has: ({ issuer, serialNumber }) => serials.get(issuer)?.has(plainSerial(serialNumber)) ?? false,
  };
}

/** The certificates in a PEM file, each as PEM. */
export const certificatesIn = (pem: string): string[] =>
  pem.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];

function parse(der: Buffer): CertificateRevocationList {
  try {
    return CertificateRevocationList.fromBER(Uint8Array.from(der));
  } catch (error) {
    throw badList('mqtt-crl-unreadable', messageOf(error));
  }
}

async function signersOf(
  list: CertificateRevocationList,
  trusted: readonly X509Certificate[],
): Promise<X509Certificate[]> {
  const signed = await Promise.all(trusted.map((authority) => isSignedBy(list, authority)));
  return trusted.filter((_, at) => signed[at]);
}

/** What cannot be verified with this key was not signed by it. */
async function isSignedBy(
  list: CertificateRevocationList,
  { publicKey, raw }: X509Certificate,
): Promise<boolean> {
  const issuerCertificate = Certificate.fromBER(Uint8Array.from(raw));
  if (!list.issuer.isEqual(issuerCertificate.subject)) return false;
  if (EDWARDS.has(publicKey.asymmetricKeyType ?? ''))
    return verify(null, list.tbsView, publicKey, list.signatureValue.valueBlock.valueHexView);
  try {
    return await list.verify({ issuerCertificate });
  } catch {
    return false;
  }
}

/** Without the zero that keeps DER's integers positive, in the case that X509Certificate uses. */
const plainSerial = (hex: string): string => hex.replace(/^(?:00)+(?=.)/, '').toUpperCase();

const badList = (
  code: 'mqtt-crl-empty' | 'mqtt-crl-unsigned' | 'mqtt-crl-unreadable',
  problem: string,
): AppError =>
  new AppError(
    code,
    500,
    `The list of revoked certificates (mqtt.tls.clientCrlFile) cannot be used: ${problem}. Give the list in PEM that the authority in mqtt.tls.clientCaFile signed.`,
  );
