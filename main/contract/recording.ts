import { z } from 'zod';
import { UtcMs } from './common.ts';

/**
 * How a disk for footage does. `in-use` and `filling` (less than an hour of room, and nothing that may be
 * deleted) take footage; `full`, `failing` and `missing` are left out until they are well again.
 */
export const DiskState = z.enum(['in-use', 'filling', 'full', 'failing', 'missing']);
export type DiskState = z.infer<typeof DiskState>;

export const DiskReason = z.enum([
  /** No room is left, and nothing may be deleted. */
  'no-room',
  /** Nothing is mounted where the disk was, or its folder is gone. */
  'not-mounted',
  /** Another disk, or a blank one, stands in its place. */
  'other-disk',
  /** The same disk is named twice. */
  'named-twice',
  'read-only',
  'io-error',
  /** It did not answer in time. */
  'hung',
  /** The hub may not write there. */
  'refused',
]);
export type DiskReason = z.infer<typeof DiskReason>;

/** What everybody who sees the console may know of a disk. */
export const DiskBrief = z.object({
  /** Place in the settings, from 1: what people call it. */
  place: z.int(),
  state: DiskState,
  reason: DiskReason.nullable(),
  /** UTC ms since when it is in this state. */
  since: UtcMs,
  /** Hours until it is full at the present rate, counting what may be deleted; null when that cannot be said. */
  roomHours: z.number().nullable(),
});
export type DiskBrief = z.infer<typeof DiskBrief>;

/** Something that did not fit together when a disk was taken in, and what was done about it. */
export const RepairFinding = z.object({
  kind: z.enum([
    'recovered',
    'truncated',
    'missing-file',
    'missing-disk',
    'adopted',
    'moved',
    'unreadable',
    'deleted-leftover',
  ]),
  path: z.string(),
  detail: z.string(),
});
export type RepairFinding = z.infer<typeof RepairFinding>;

export const DiskStatus = DiskBrief.extend({
  folder: z.string(),
  /** What the system said, for a technician. */
  problem: z.string().nullable(),
  /** UTC ms of the next attempt to use it again; null while it is in use. */
  nextTryAt: UtcMs.nullable(),
  freeBytes: z.number().nullable(),
  /** Bytes of footage. */
  bytes: z.number(),
  /** Of it, bytes that are held and never deleted. */
  heldBytes: z.number(),
  maxBytes: z.number().nullable(),
  minFreeBytes: z.number(),
  /** Bytes a second written lately. */
  writeRate: z.number(),
  /** Cameras whose newest footage goes there. */
  cameras: z.int(),
  /** What was repaired when it was last taken in: the first hundred. */
  findings: z.array(RepairFinding).max(100),
  findingCount: z.int(),
});
export type DiskStatus = z.infer<typeof DiskStatus>;

/** `GET /api/recording/disks` */
export const DiskList = z.object({ disks: z.array(DiskStatus) });
export type DiskList = z.infer<typeof DiskList>;
