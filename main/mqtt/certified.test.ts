import { X509Certificate } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { type Authority, makeAuthority } from '../../tests/support/certificates.ts';
import { temporaryFolder } from '../../tests/support/health-harness.ts';
import { manualClock } from '../base/clock.ts';
import { createLogger } from '../base/logging.ts';
import { type Certified, createCertified, type Proved } from './certified.ts';
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
  certified = createCertified({ clock, log: createLogger('silent') });
  ended = [];
});
afterEach(() => {
  certified.stop();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

async function watch(name: string) {
  const issued = await city.issue(name);
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
