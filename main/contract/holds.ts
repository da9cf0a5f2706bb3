import { z } from 'zod';
import { DeviceId, Id, UtcMs } from './common.ts';

/** What a request without `video.hold` protects footage for, until somebody confirms it. */
export const REQUEST_HOURS = 24;

/** `requested`: kept for a day, waits for somebody with `video.hold`; `held`: kept until its time; `ended`: over. */
export const HoldStates = ['requested', 'held', 'ended'] as const;
export const HoldState = z.enum(HoldStates);
export type HoldState = z.infer<typeof HoldState>;

/** Why a hold is over: its time came, nobody confirmed the request, or somebody ended it. */
export const HoldEndReasons = ['expired', 'unconfirmed', 'ended'] as const;

const Who = z.object({ id: Id, name: z.string() });

/** A stretch of footage of one or several cameras that nothing deletes until its time. */
export const Hold = z.object({
  id: Id,
  /** Those that the person asking may know of. */
  cameraIds: z.array(DeviceId),
  /** How many others it covers. */
  hiddenCameras: z.int(),
  /** The stretch, by the footage's own time; it may reach into the future. */
  from: UtcMs,
  to: UtcMs,
  /** Asked for until then. */
  until: UtcMs,
  /** Nothing of it is deleted before then: of a request, a day at first. */
  keptUntil: UtcMs,
  /** Order or case number. */
  basis: z.string(),
  state: HoldState,
  by: Who,
  at: UtcMs,
  /** Who confirmed the request; null where none was needed or nobody did. */
  approvedBy: Who.nullable(),
  approvedAt: UtcMs.nullable(),
  endedAt: UtcMs.nullable(),
  /** Null where it ended by itself. */
  endedBy: Who.nullable(),
  endReason: z.enum(HoldEndReasons).nullable(),
  endNote: z.string().nullable(),
  /** Of the files that it keeps now. */
  bytes: z.int(),
  mine: z.boolean(),
  /** What the person asking may do with it. */
  mayEnd: z.boolean(),
  mayProlong: z.boolean(),
  mayApprove: z.boolean(),
});
export type Hold = z.infer<typeof Hold>;

const range = {
  cameraIds: z.array(DeviceId).min(1).max(20),
  from: UtcMs,
  to: UtcMs,
};

export const HoldInput = z.strictObject({
  ...range,
  /** The hub's default when absent. */
  until: UtcMs.optional(),
  basis: z.string().trim().min(1).max(300),
});
export type HoldInput = z.infer<typeof HoldInput>;

export const HoldPreviewInput = z.strictObject(range);
export type HoldPreviewInput = z.infer<typeof HoldPreviewInput>;

/** How much may be held, and how much is. */
export const HoldQuota = z.object({
  defaultDays: z.int(),
  maxDays: z.int(),
  hub: z.object({ usedBytes: z.int(), limitBytes: z.int() }),
  /** Camera-milliseconds of the person asking. */
  person: z.object({ usedMs: z.int(), limitMs: z.int() }),
});
export type HoldQuota = z.infer<typeof HoldQuota>;

/** What a hold would be, told before it is made. */
export const HoldPreview = z.object({
  /** `requested` where the right `video.hold` is missing on some camera. */
  as: z.enum(['held', 'requested']),
  /** Of files that are there, and what the future part is estimated to take. */
  bytes: z.int(),
  futureBytes: z.int(),
  /** Camera-milliseconds asked for, recorded among them, and still to come. */
  askedMs: z.int(),
  recordedMs: z.int(),
  futureMs: z.int(),
  quota: HoldQuota,
});
export type HoldPreview = z.infer<typeof HoldPreview>;

/** A later end, or an earlier one that is still ahead. */
export const HoldPatch = z.strictObject({ until: UtcMs });
export type HoldPatch = z.infer<typeof HoldPatch>;

/** An early end says why: footage goes by it. */
export const HoldEnd = z.strictObject({ note: z.string().trim().min(1).max(300) });
export type HoldEnd = z.infer<typeof HoldEnd>;

export const HoldFilters = ['open', 'mine', 'to-approve', 'expiring', 'ended'] as const;
export const HoldFilter = z.enum(HoldFilters);
export type HoldFilter = z.infer<typeof HoldFilter>;

/** `expiring` ends within this many days. */
export const EXPIRING_DAYS = 3;

export const HoldQuery = z.object({
  filter: HoldFilter.default('open'),
  camera: DeviceId.optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(100).optional(),
});
export type HoldQuery = z.infer<typeof HoldQuery>;

export const HoldPage = z.object({ items: z.array(Hold), nextCursor: z.string().optional() });
export type HoldPage = z.infer<typeof HoldPage>;
