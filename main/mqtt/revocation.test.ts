import { X509Certificate } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Authority, type Certificate, makeAuthority } from '../../tests/support/certificates.ts';
import { temporaryFolder } from '../../tests/support/health-harness.ts';
import { markOf, revokedIn } from './revocation.ts';

const folder = temporaryFolder();
let city: Authority;
let other: Authority;
let [lost, kept]: Certificate[] = [];
beforeAll(async () => {
  [city, other] = [await makeAuthority(folder.path, 'city'), await makeAuthority(folder.path, 'other')];
  [lost, kept] = [await city.issue('ap-lost'), await city.issue('ap-kept')];
});
afterAll(() => folder.remove());

const mark = (certificate: Certificate | undefined) =>
  markOf(new X509Certificate(certificate?.cert ?? '').raw);

it('tells whom lists take back, of one authority or several, and nobody else', async () => {
  if (!lost) throw new Error('no certificate');
  const theirs = await other.issue('ap-theirs');
  const lists = (await city.revoke(lost)) + (await other.revoke(theirs));
  expect([...revokedIn(lists)].sort()).toEqual([mark(lost), mark(theirs)].sort());
  expect(revokedIn(lists).has(mark(kept))).toBe(false);
});

it('an empty list takes nobody back; what is none is said to be none', async () => {
  expect(revokedIn(await (await makeAuthority(folder.path, 'fresh')).list()).size).toBe(0);
  const pem = (bytes: number[]) =>
    `-----BEGIN X509 CRL-----\n${Buffer.from(bytes).toString('base64')}\n-----END X509 CRL-----\n`;
  for (const bytes of [[0x30], [0x30, 0x80, 0, 0], [0x30, 5, 0x30, 1], [0x02, 1, 5], [0x30, 0x84, 255, 255]])
    expect(() => revokedIn(pem(bytes))).toThrow();
});
