import { createHash } from 'node:crypto';
import { z } from 'zod';
import { ExportGapReason } from '../contract/export.ts';
import { TrackName } from '../contract/video.ts';
import type { ExportKey } from './signing.ts';

/** The manifest's name inside an export and beside its files. */
export const MANIFEST_FILE = 'manifest.kalancha.json';

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);
/** UTC, ISO 8601 with milliseconds: a person must be able to read it. */
const IsoTime = z.iso.datetime({ precision: 3 });
const Range = { from: IsoTime, to: IsoTime };

/** What the hub says under its signature of a copy it made. */
export const Manifest = z.strictObject({
  v: z.literal(1),
  kind: z.enum(['video', 'snapshot']),
  id: z.string(),
  hub: z.strictObject({ id: z.string(), version: z.string(), city: z.string(), timeZone: z.string() }),
  /** Who took it, and why. */
  person: z.strictObject({
    id: z.string(),
    login: z.string(),
    name: z.string(),
    unit: z.string(),
    number: z.string(),
  }),
  basis: z.string(),
  askedAt: IsoTime,
  madeAt: IsoTime,
  /** `marked`: encoded anew with the mark on every frame. `original`: packets as they were recorded. */
  form: z.enum(['marked', 'original']),
  sound: z.boolean(),
  asked: z.strictObject(Range),
  cameras: z.array(
    z.strictObject({
      id: z.string(),
      name: z.string(),
      address: z.string(),
      /** What of the range is in the files, and what is not. */
      covered: z.array(z.strictObject(Range)),
      gaps: z.array(z.strictObject({ ...Range, reason: ExportGapReason })),
      /** The recorded segments that the files were made of. */
      segments: z.array(
        z.strictObject({
          track: TrackName,
          number: z.int(),
          start: IsoTime,
          durationUs: z.int(),
          bytes: z.int(),
          sha256: Sha256,
        }),
      ),
    }),
  ),
  files: z.array(
    z.strictObject({
      name: z.string(),
      cameraId: z.string().nullable(),
      /** UTC of its first frame and of its end; null for what is no footage. */
      from: IsoTime.nullable(),
      to: IsoTime.nullable(),
      bytes: z.int(),
      sha256: Sha256,
    }),
  ),
});
export type Manifest = z.infer<typeof Manifest>;

export const SignedManifest = z.strictObject({
  manifest: Manifest,
  signature: z.strictObject({
    algorithm: z.literal('Ed25519'),
    /** Which key it was, for finding it; whether that is a key to trust, the manifest cannot say of itself. */
    fingerprint: Sha256,
    publicKey: z.string(),
    value: z.string(),
  }),
});
export type SignedManifest = z.infer<typeof SignedManifest>;

/** The one spelling of a signed manifest: a file that says the same in another spelling was touched. */
export const manifestText = (signed: SignedManifest): string => `${JSON.stringify(signed, null, 1)}\n`;

/** Signs a manifest. The text is in the schema's own order of fields, which is the order it is read back in. */
export function signManifest(key: ExportKey, manifest: Manifest): { text: string; sha256: string } {
  const signed = SignedManifest.parse({
    manifest,
    signature: {
      algorithm: 'Ed25519',
      fingerprint: key.fingerprint,
      publicKey: key.publicKey,
      value: key.sign(manifest),
    },
  });
  const text = manifestText(signed);
  return { text, sha256: createHash('sha256').update(text).digest('hex') };
}

export const isoTime = (utcMs: number): string => new Date(utcMs).toISOString();
