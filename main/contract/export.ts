import { z } from 'zod';
import { DeviceId, Id, Languages, UtcMs } from './common.ts';

/** Most cameras in one export: as many as the archive shows at once. */
export const MOST_EXPORT_CAMERAS = 9;
/** Longest export, all its cameras' footage together, ms. */
export const LONGEST_EXPORT_MS = 12 * 3_600_000;

/** Why a stretch of the range is not in the file. `not-yet` is footage that had not come when the copy was made. */
export const ExportGapReasons = [
  'stream-lost',
  'hub-stopped',
  'disk',
  'expired',
  'unknown',
  'not-yet',
] as const;
export const ExportGapReason = z.enum(ExportGapReasons);
export type ExportGapReason = z.infer<typeof ExportGapReason>;

export const ExportRange = z.strictObject({
  cameraIds: z
    .array(DeviceId)
    .min(1)
    .max(MOST_EXPORT_CAMERAS)
    .refine((ids) => new Set(ids).size === ids.length, 'names a camera twice'),
  from: UtcMs,
  to: UtcMs,
});
export type ExportRange = z.infer<typeof ExportRange>;

export const ExportInput = z.strictObject({
  ...ExportRange.shape,
  /** The recorded pictures untouched, without the burned-in mark: a right of its own. */
  original: z.boolean().default(false),
  sound: z.boolean().default(false),
  /** Order or case number: why the copy is made. */
  basis: z.string().trim().min(1).max(300),
  /** In which language the words on the picture and the note beside it are written. */
  language: z.enum(Languages).default('ru'),
});
export type ExportInput = z.infer<typeof ExportInput>;

/** What there is to export and what the person may take; told before he asks. */
export const ExportEstimate = z.object({
  cameras: z.array(
    z.object({
      cameraId: DeviceId,
      name: z.string(),
      /** Milliseconds of footage in the range. */
      footageMs: z.number(),
      /** Milliseconds of the range that are missing, and in how many pieces. */
      missingMs: z.number(),
      gaps: z.int(),
      hasSound: z.boolean(),
      may: z.object({ marked: z.boolean(), original: z.boolean(), sound: z.boolean() }),
    }),
  ),
  /** About how large the result will be, bytes. */
  bytes: z.object({ marked: z.number(), original: z.number() }),
  /** Room there is for it, bytes. */
  roomBytes: z.number(),
});
export type ExportEstimate = z.infer<typeof ExportEstimate>;

/** A file of a finished export. Names are ASCII, so that they survive every system on the way to a court. */
export const ExportFile = z.object({
  name: z.string(),
  bytes: z.int(),
  sha256: z.string(),
  /** Null for what belongs to no camera: the manifest, the note. */
  cameraId: DeviceId.nullable(),
});
export type ExportFile = z.infer<typeof ExportFile>;

export const ExportState = z.enum(['waiting', 'running', 'done', 'failed', 'cancelled']);
export type ExportState = z.infer<typeof ExportState>;

/** A person's own export. */
export const VideoExport = z.object({
  id: Id,
  cameras: z.array(z.object({ id: DeviceId, name: z.string() })),
  from: UtcMs,
  to: UtcMs,
  original: z.boolean(),
  sound: z.boolean(),
  basis: z.string(),
  state: ExportState,
  /** 0 to 1. */
  progress: z.number(),
  /** Exports that are made before this one. */
  ahead: z.int(),
  askedAt: UtcMs,
  endedAt: UtcMs.nullable(),
  /** Until when the result may be downloaded; null while there is none. */
  keptUntil: UtcMs.nullable(),
  error: z
    .object({
      code: z.string(),
      message: z.string(),
      params: z.record(z.string(), z.union([z.string(), z.number()])),
    })
    .nullable(),
  /** All of it in one ZIP, nothing compressed; null while there is none. */
  archive: z.object({ name: z.string(), bytes: z.int() }).nullable(),
  files: z.array(ExportFile),
  /** SHA-256 of the signed manifest, as it stands in the audit log. */
  manifestSha256: z.string().nullable(),
});
export type VideoExport = z.infer<typeof VideoExport>;

/** The key that exports and snapshots of this hub are signed with. */
export const ExportPublicKey = z.object({
  hubId: z.string(),
  algorithm: z.literal('Ed25519'),
  /** SubjectPublicKeyInfo, PEM. */
  publicKey: z.string(),
  /** SHA-256 of the key's DER, hex: what is compared by eye or over the telephone. */
  fingerprint: z.string(),
});
export type ExportPublicKey = z.infer<typeof ExportPublicKey>;

export const SnapshotInput = z.strictObject({
  /** UTC ms of the frame wanted; without it the newest recorded one. */
  at: UtcMs.optional(),
  original: z.boolean().default(false),
  basis: z.string().trim().max(300).default(''),
  language: z.enum(Languages).default('ru'),
});
export type SnapshotInput = z.infer<typeof SnapshotInput>;
