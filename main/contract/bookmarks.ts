import { z } from 'zod';
import { DeviceId, Id, QueryTime, UtcMs } from './common.ts';

/** A moment or a stretch of one camera's footage that somebody wants to find again. */
export const Bookmark = z.object({
  id: Id,
  cameraId: DeviceId,
  at: UtcMs,
  /** End of a stretch; null for a moment. */
  to: UtcMs.nullable(),
  title: z.string(),
  /** Shared with everybody who may see that footage; else for its owner alone. */
  shared: z.boolean(),
  by: z.object({ id: Id, name: z.string() }),
  createdAt: UtcMs,
  updatedAt: UtcMs,
  mine: z.boolean(),
});
export type Bookmark = z.infer<typeof Bookmark>;

const title = z.string().trim().min(1).max(200);

export const BookmarkInput = z.strictObject({
  cameraId: DeviceId,
  at: UtcMs,
  to: UtcMs.nullable().default(null),
  title,
  shared: z.boolean().default(false),
});
export type BookmarkInput = z.infer<typeof BookmarkInput>;

export const BookmarkPatch = z.strictObject({ title, shared: z.boolean() }).partial();
export type BookmarkPatch = z.infer<typeof BookmarkPatch>;

export const BookmarkQuery = z.object({
  camera: DeviceId.optional(),
  /** Words of the title; ё = е, any case, Latin or Cyrillic letters. */
  q: z.string().max(200).optional(),
  mine: z.enum(['yes', 'no']).optional(),
  from: QueryTime.optional(),
  to: QueryTime.optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(100).optional(),
});
export type BookmarkQuery = z.infer<typeof BookmarkQuery>;

/** Newest footage first. */
export const BookmarkPage = z.object({ items: z.array(Bookmark), nextCursor: z.string().optional() });
export type BookmarkPage = z.infer<typeof BookmarkPage>;
