import { X509Certificate } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Authority, type Certificate, makeAuthority } from '../../tests/support/certificates.ts';
import { temporaryFolder } from '../../tests/support/health-harness.ts';
import { readRevocationLists } from './revocation.ts';

const folder = temporaryFolder();
let city: Authority;
let other: Authority;
let [lost, kept]: Certificate[] = [];
beforeAll(async () => {
  [city, other] = [await makeAuthority(folder.path, 'city'), await makeAuthority(folder.path, 'other')];
  [lost, kept] = [await city.issue('ap-lost'), await city.issue('ap-kept')];
});
afterAll(() => folder.remove());

const x509 = (certificate: Certificate | undefined) => new X509Certificate(certificate?.cert ?? '');

it('tells whom lists take back, of one authority or several, and nobody else; and when they are due', async () => {
  if (!lost) throw new Error('no certificate');
  const theirs = await other.issue('ap-theirs');
  const text = (await city.revoke(lost)) + (await other.revoke(theirs));
  const lists = await readRevocationLists(text, city.cert + other.cert);
  expect([lost, theirs, kept].map((one) => lists.has(x509(one)))).toEqual([true, true, false]);
  const days = ((lists.nextUpdate ?? 0) - Date.now()) / 86_400_000;
  expect(days).toBeGreaterThan(1.9);
  expect(days).toBeLessThanOrEqual(2);
});

it.each(['ed25519', 'rsa:2048'])('knows the signature of an authority with a key of %s', async (key) => {
  const authority = await makeAuthority(folder.path, key.replace(':', ''), ['-newkey', key]);
  const gone = await authority.issue('ap-gone');
  const lists = await readRevocationLists(await authority.revoke(gone), city.cert + authority.cert);
  expect(lists.has(x509(gone))).toBe(true);
});

it('an empty list takes nobody back; one that no authority of ours signed, or that is none, is refused', async () => {
  const fresh = await makeAuthority(folder.path, 'fresh');
  expect((await readRevocationLists(await fresh.list(), fresh.cert)).has(x509(kept))).toBe(false);
  const theirs = await other.list();
  const refused = (pem: string, code = 'mqtt-crl-unsigned') =>
    expect(readRevocationLists(pem, city.cert)).rejects.toMatchObject({ code });
  await refused(theirs);
  // Somebody with another key and the same name.
  const imposter = await makeAuthority(folder.path, 'imposter', undefined, 'city');
  await refused(await imposter.list());
  await refused((await city.list()) + theirs);
  await refused('', 'mqtt-crl-empty');
  const pem = (bytes: readonly number[] | Buffer) =>
    `-----BEGIN X509 CRL-----\n${Buffer.from(bytes).toString('base64')}\n-----END X509 CRL-----\n`;
  for (const bytes of [[0x30], [0x30, 0x80, 0, 0], [0x30, 5, 0x30, 1], [0x02, 1, 5], [0x30, 0x84, 255, 255]])
    await refused(pem(bytes), 'mqtt-crl-unreadable');
  // One bit of what was signed is another.
  const der = Buffer.from((await city.list()).replace(/-----[^-]+-----/g, ''), 'base64');
  der.writeUInt8(der.readUInt8(60) ^ 1, 60);
  await refused(pem(der));
});
