import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sha256OfFile } from './hash.ts';
import { takeNote, withNote } from './jpeg-note.ts';
import { MANIFEST_FILE, type Manifest, signManifest } from './manifest.ts';
import { type ExportKey, exportKeyFile, openExportKey, readPublicKey } from './signing.ts';
import { type ExportVerdict, verifyManifest } from './verify.ts';
import { verifyExportPath } from './verify-path.ts';
import { writeZip } from './zip.ts';

let dir = '';
let key: ExportKey;
let trusted: KeyObject;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'kalancha-verify-'));
  mkdirSync(join(dir, 'hub'));
  key = openExportKey(exportKeyFile(join(dir, 'hub')));
  const read = readPublicKey(key.publicKey);
  if (!read) throw new Error('no key');
  trusted = read;
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const TIME = '2026-11-22T11:05:10.123Z';
const codes = ({ problems }: ExportVerdict) => problems.map(({ code }) => code);

async function manifestOf(names: readonly string[], kind: Manifest['kind'] = 'video'): Promise<Manifest> {
  const files: Manifest['files'] = [];
  for (const name of names)
    files.push({ name, cameraId: 'cam', from: TIME, to: TIME, ...(await sha256OfFile(join(dir, name))) });
  return {
    ...{ v: 1, kind, id: 'x', form: 'marked', sound: false, basis: 'КУСП № 7' },
    hub: { id: 'hub', version: '1', city: 'moscow', timeZone: 'Europe/Moscow' },
    person: { id: 'p', login: 'ann', name: 'Анна', unit: '', number: '7' },
    ...{ askedAt: TIME, madeAt: TIME, asked: { from: TIME, to: TIME } },
    cameras: [
      {
        ...{ id: 'cam', name: 'Двор', address: 'Тверская', covered: [{ from: TIME, to: TIME }] },
        gaps: [{ from: TIME, to: TIME, reason: 'disk' }],
        segments: [
          { track: 'main', number: 7, start: TIME, durationUs: 2_000_000, bytes: 5, sha256: 'a'.repeat(64) },
        ],
      },
    ],
    files,
  };
}

/** Two files, their manifest beside them, and the ZIP of all three. */
async function exported(): Promise<{ zip: string; text: string }> {
  writeFileSync(join(dir, 'a.mp4'), Buffer.from('first file of footage'));
  writeFileSync(join(dir, 'b.mp4'), Buffer.from('second file of footage'));
  const { text } = signManifest(key, await manifestOf(['a.mp4', 'b.mp4']));
  writeFileSync(join(dir, MANIFEST_FILE), text);
  return { zip: await zipOf(['a.mp4', 'b.mp4', MANIFEST_FILE]), text };
}
async function zipOf(names: readonly string[]): Promise<string> {
  const zip = join(dir, `${names.length}-${Math.random()}.zip`);
  const entries = names.map((name) => ({ name, path: join(dir, name) }));
  await writeZip(zip, entries, new Date(), new AbortController().signal);
  return zip;
}
const verify = (file: string) => verifyExportPath(file, { key: trusted });

test('what the hub made is genuine: as a ZIP, as a manifest with its files, as one file beside it', async () => {
  const { zip } = await exported();
  for (const file of [zip, join(dir, MANIFEST_FILE), join(dir, 'b.mp4')])
    expect(await verify(file)).toMatchObject({ problems: [], trusted: true, fingerprint: key.fingerprint });
  expect(await verifyExportPath(zip, { fingerprint: key.fingerprint })).toMatchObject({
    problems: [],
    trusted: true,
  });
});

test('a key that comes with the manifest alone proves nothing', async () => {
  const { zip } = await exported();
  expect(await verifyExportPath(zip, null)).toMatchObject({ problems: [], trusted: false });
});

test('whatever single bit of the manifest is changed, it is found', async () => {
  const { text } = await exported();
  const bytes = Buffer.from(text);
  expect(codes(verifyManifest(text, { key: trusted }))).toEqual([]);
  for (let at = 0; at < bytes.length; at++) {
    const bit = 1 << (at % 8);
    bytes.writeUInt8(bytes.readUInt8(at) ^ bit, at);
    expect(codes(verifyManifest(bytes.toString('utf8'), { key: trusted })), `bit of byte ${at}`).not.toEqual(
      [],
    );
    bytes.writeUInt8(bytes.readUInt8(at) ^ bit, at);
  }
});

test('whichever field is changed, the manifest counts as changed', async () => {
  const { text } = await exported();
  const leaves: (string | number)[][] = [];
  const walk = (value: unknown, path: (string | number)[]) => {
    if (Array.isArray(value)) for (const [index, one] of value.entries()) walk(one, [...path, index]);
    else if (typeof value === 'object' && value !== null)
      for (const [name, one] of Object.entries(value)) walk(one, [...path, name]);
    else leaves.push(path);
  };
  walk(JSON.parse(text).manifest, ['manifest']);
  expect(leaves.length).toBeGreaterThan(30);
  for (const path of leaves) {
    const changed: unknown = JSON.parse(text);
    let inside = changed as Record<string | number, unknown>;
    for (const step of path.slice(0, -1)) inside = inside[step] as Record<string | number, unknown>;
    const last = path.at(-1) ?? '';
    const old = inside[last];
    inside[last] = typeof old === 'number' ? old + 1 : typeof old === 'boolean' ? !old : 'changed';
    const verdict = verifyManifest(`${JSON.stringify(changed, null, 1)}\n`, { key: trusted });
    expect(codes(verdict)[0], path.join('.')).toMatch(/^manifest-(changed|unreadable)$/);
  }
});

test('another spelling of the same, a doubled key or an added one is a change', async () => {
  const { text } = await exported();
  const spellings = [
    JSON.stringify(JSON.parse(text)),
    text.replace('"basis": "КУСП № 7"', '"basis": "other",\n  "basis": "КУСП № 7"'),
    text.replace('"v": 1,', '"v": 1,\n  "more": 1,'),
  ];
  for (const spelling of spellings)
    expect(codes(verifyManifest(spelling, { key: trusted }))[0]).toMatch(/^manifest-(changed|unreadable)$/);
});

describe('what is wrong is named', () => {
  test('a changed file', async () => {
    await exported();
    writeFileSync(join(dir, 'b.mp4'), 'second file of f00tage');
    expect(await verify(join(dir, MANIFEST_FILE))).toMatchObject({
      problems: [{ code: 'file-changed', sentence: expect.stringContaining('b.mp4') }],
    });
    expect(codes(await verify(join(dir, 'a.mp4')))).toEqual([]);
    expect(codes(await verify(await zipOf(['a.mp4', 'b.mp4', MANIFEST_FILE])))).toEqual(['file-changed']);
  });

  test('a missing file, and one that does not belong to it', async () => {
    await exported();
    writeFileSync(join(dir, 'c.mp4'), 'never made by a hub');
    const verdict = await verify(await zipOf(['a.mp4', 'c.mp4', MANIFEST_FILE]));
    expect(verdict.problems).toMatchObject([
      { code: 'file-unlisted', sentence: expect.stringContaining('c.mp4') },
      { code: 'file-missing', sentence: expect.stringContaining('b.mp4') },
    ]);
    rmSync(join(dir, 'b.mp4'));
    expect(codes(await verify(join(dir, MANIFEST_FILE)))).toEqual(['file-missing']);
  });

  test('a file renamed to another of the same export', async () => {
    await exported();
    writeFileSync(join(dir, 'a.mp4'), readFileSync(join(dir, 'b.mp4')));
    expect(codes(await verify(join(dir, MANIFEST_FILE)))).toEqual(['file-changed']);
  });

  test('all made anew and signed with a key of the forger', async () => {
    await exported();
    mkdirSync(join(dir, 'forger'));
    const forger = openExportKey(exportKeyFile(join(dir, 'forger')));
    writeFileSync(join(dir, 'a.mp4'), 'forged');
    const { text } = signManifest(forger, await manifestOf(['a.mp4', 'b.mp4']));
    writeFileSync(join(dir, MANIFEST_FILE), text);
    const zip = await zipOf(['a.mp4', 'b.mp4', MANIFEST_FILE]);
    expect(codes(await verify(zip))).toEqual(['key-unknown']);
    expect(codes(await verifyExportPath(zip, { fingerprint: key.fingerprint }))).toEqual(['key-unknown']);
    // Naming the trusted key beside the forged signature does not help.
    const named = text.replace(forger.fingerprint, key.fingerprint);
    const both = named.replace(JSON.stringify(forger.publicKey), JSON.stringify(key.publicKey));
    for (const forged of [named, both])
      for (const trust of [{ key: trusted }, { fingerprint: key.fingerprint }])
        expect(codes(verifyManifest(forged, trust))).toEqual(['manifest-changed']);
  });

  test('no manifest, a damaged ZIP, nothing at all', async () => {
    const { zip } = await exported();
    expect(codes(await verify(await zipOf(['a.mp4'])))).toEqual(['manifest-missing']);
    writeFileSync(zip, readFileSync(zip).subarray(0, 300));
    expect(codes(await verify(zip))).toEqual(['file-unreadable']);
    rmSync(join(dir, MANIFEST_FILE));
    expect(codes(await verify(join(dir, 'a.mp4')))).toEqual(['manifest-missing']);
    await expect(verify(join(dir, 'nowhere.zip'))).rejects.toMatchObject({ code: 'export-file-missing' });
  });
});

test('a snapshot carries its manifest inside; whichever of its bytes is changed, it is found', async () => {
  const jpeg = Buffer.from('ffd8ffdb000400010203ffd9', 'hex');
  writeFileSync(join(dir, 'x.jpg'), jpeg);
  const { text } = signManifest(key, await manifestOf(['x.jpg'], 'snapshot'));
  const noted = withNote(jpeg, text);
  expect(takeNote(noted)).toEqual({ jpeg, note: text });
  const file = join(dir, 'renamed.jpg');
  writeFileSync(file, noted);
  expect(await verify(file)).toMatchObject({ problems: [], trusted: true });
  writeFileSync(file, jpeg);
  expect(codes(await verify(file))).toEqual(['manifest-missing']);
  for (let at = 0; at < noted.length; at += 1) {
    const forged = Buffer.from(noted);
    forged.writeUInt8(forged.readUInt8(at) ^ 0x10, at);
    writeFileSync(file, forged);
    expect(codes(await verify(file)), `byte ${at}`).not.toEqual([]);
  }
});

test('the key is kept, only its owner can read it, and a broken one is said', () => {
  const file = exportKeyFile(join(dir, 'hub'));
  expect(openExportKey(file)).toMatchObject({ made: false, fingerprint: key.fingerprint });
  writeFileSync(file, generateKeyPairSync('x25519').privateKey.export({ type: 'pkcs8', format: 'pem' }));
  expect(() => openExportKey(file)).toThrow(/Restore it from a backup/);
});
