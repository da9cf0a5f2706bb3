import { X509Certificate } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { type Authority, makeAuthority } from '../../tests/support/certificates.ts';
import { temporaryFolder } from '../../tests/support/health-harness.ts';
import { manualClock } from '../base/clock.ts';
import { createLogger } from '../base/logging.ts';
import { type Certified, createCertified, type Proved, validUntil } from './certified.ts';
import { readRevocationLists } from './revocation.ts';

const folder = temporaryFolder();
let city: Authority;
beforeAll(async () => {
  city = await makeAuthority(folder.path, 'city');
});
afterAll(() => folder.remove());

class Connection extends EventEmitter implements Proved {
  readonly authorized = true;
  readonly certificate: X509Certificate;
  constructor(certificate: X509Certificate) {
    super();
    this.certificate = certificate;
  }
  getPeerX509Certificate = () => this.certificate;
}

let clock: ReturnType<typeof manualClock>;
let certified: Certified;
let ended: string[];
beforeEach(() => {
  vi.useFakeTimers();
  clock = manualClock(Date.now());
  certified = createCertified({ clock, log: createLogger('silent'), ca: city.cert });
  ended = [];
});
afterEach(() => {
  certified.stop();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

async function watch(name: string, days?: number) {
  const issued = await city.issue(name, undefined, days);
  const connection = new Connection(new X509Certificate(issued.cert));
  certified.watch(connection, () => {
    ended.push(name);
    connection.emit('close');
  });
  return issued;
}

it('an expired certificate ends its connection, once, however the clock got there', async () => {
  await watch('ap-1');
  clock.advance(86_400_000);
  vi.advanceTimersByTime(60_000);
  expect(ended).toEqual([]);
  // Put right by more than a timer can count, and back.
  clock.jump(40 * 86_400_000);
  vi.advanceTimersByTime(5_000);
  expect(ended).toEqual(['ap-1']);
  clock.jump(-40 * 86_400_000);
  vi.advanceTimersByTime(5_000);
  expect(ended).toEqual(['ap-1']);
});

it('an authority that expired ends the connections of all that it signed, unless it was renewed meanwhile', async () => {
  await watch('ap-long', 30);
  clock.advance(86_400_000);
  vi.advanceTimersByTime(5_000);
  expect(ended).toEqual([]);
  clock.advance(86_400_000);
  vi.advanceTimersByTime(5_000);
  expect(ended).toEqual(['ap-long']);
});

it('of a chain the link that ends first counts, of several certificates of one authority the longest', async () => {
  const root = new X509Certificate(city.cert);
  const issued = new X509Certificate((await city.issue('ap-years', undefined, 700)).cert);
  const after = (days: number) => new Date(Date.now() + days * 86_400_000);
  // Links above are real; below them stands what TLS would hand over.
  const leaf = (days: number, issuerCertificate: X509Certificate | undefined) => ({
    ...{ validToDate: after(days), issuerCertificate, checkIssued: () => false },
  });
  const rootEnds = root.validToDate.getTime();
  expect(validUntil(issued, [])).toBe(issued.validToDate.getTime());
  expect(validUntil(issued, [root])).toBe(rootEnds);
  expect(validUntil(leaf(1, issued), [root])).toBeLessThan(rootEnds);
  expect(validUntil(leaf(900, issued), [root])).toBe(rootEnds);
  expect(validUntil(leaf(900, issued), [])).toBe(issued.validToDate.getTime());
  const renewed = Object.create(root, { validToDate: { value: after(400) } });
  const issuedByBoth = { validToDate: after(900), checkIssued: () => true };
  expect(validUntil(issuedByBoth, [root, renewed])).toBe(renewed.validToDate.getTime());
});

it('a longer list ends whom it names, also who came in by a handshake that began before it', async () => {
  const clients = { ca: city.cert, required: true };
  const lost = await watch('ap-lost');
  await watch('ap-kept');
  const crl = await city.revoke(lost);
  certified.renewed(clients, { ...clients, crl }, await readRevocationLists(crl, city.cert));
  expect(ended).toEqual(['ap-lost']);
  certified.watch(new Connection(new X509Certificate(lost.cert)), () => ended.push('late'));
  expect(ended).toEqual(['ap-lost', 'late']);
});
