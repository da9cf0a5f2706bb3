/** Reads as much of DER (ITU-T X.690) as tells which certificates a list takes back (RFC 5280 sections 4.1 and 5.1). */

interface Element {
  tag: number;
  /** With tag and length. */
  whole: Buffer;
  content: Buffer;
}

const INTEGER = 0x02;
const SEQUENCE = 0x30;
const UTC_TIME = 0x17;
const GENERALIZED_TIME = 0x18;
/** The version of a certificate. */
const CONTEXT_0 = 0xa0;

/** @throws Error when it is no DER */
function elementsOf(bytes: Buffer): Element[] {
  const found: Element[] = [];
  for (let at = 0; at < bytes.length; ) {
    const first = bytes[at + 1] ?? 0;
    const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
    const start = at + 2 + lengthBytes;
    if (first === 0x80 || lengthBytes > 4 || start > bytes.length) throw new Error('malformed DER');
    const length = lengthBytes === 0 ? first : bytes.readUIntBE(at + 2, lengthBytes);
    if (start + length > bytes.length) throw new Error('DER that was cut off');
    const end = start + length;
    found.push({ tag: bytes[at] ?? 0, whole: bytes.subarray(at, end), content: bytes.subarray(start, end) });
    at = end;
  }
  return found;
}

/** The parts of what was signed. */
function signedPartsOf(der: Buffer): Element[] {
  const [outer] = elementsOf(der);
  const [signed] = outer ? elementsOf(outer.content) : [];
  if (signed?.tag !== SEQUENCE) throw new Error('neither a certificate nor a list of revoked ones');
  return elementsOf(signed.content);
}

const serialOf = (integer: Element): string => integer.content.toString('hex').replace(/^0+(?=.)/, '');

/** Who signed a certificate and which of his it is, as one text. @throws Error when it is none */
export function markOf(certificate: Buffer): string {
  const parts = signedPartsOf(certificate).filter(({ tag }) => tag !== CONTEXT_0);
  const [serial, , issuer] = parts;
  if (serial?.tag !== INTEGER || issuer?.tag !== SEQUENCE) throw new Error('not a certificate');
  return `${issuer.whole.toString('hex')} ${serialOf(serial)}`;
}

/** The marks of all certificates that these lists (PEM, one after the other) take back. @throws Error when one is none */
export function revokedIn(pem: string): Set<string> {
  const marks = new Set<string>();
  for (const [, base64 = ''] of pem.matchAll(/-----BEGIN X509 CRL-----([^-]*)-----END X509 CRL-----/g)) {
    const parts = signedPartsOf(Buffer.from(base64, 'base64')).filter(({ tag }) => tag !== INTEGER);
    const [, issuer, ...rest] = parts;
    if (issuer?.tag !== SEQUENCE) throw new Error('not a list of revoked certificates');
    const entries = rest.find(({ tag }) => tag !== UTC_TIME && tag !== GENERALIZED_TIME);
    if (entries?.tag !== SEQUENCE) continue;
    const by = issuer.whole.toString('hex');
    for (const { content } of elementsOf(entries.content)) {
      const [serial] = elementsOf(content);
      if (serial?.tag !== INTEGER) throw new Error('a list with an entry that names no certificate');
      marks.add(`${by} ${serialOf(serial)}`);
    }
  }
  return marks;
}
