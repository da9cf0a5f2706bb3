import type { Kysely } from 'kysely';
import type { Database } from '../storage/tables.ts';

/** Footage of a camera, all its tracks, that must stay. UTC ms. */
export interface HeldStretch {
  cameraId: string;
  fromMs: number;
  toMs: number;
}

/**
 * What must not be deleted just now. Asked of the database given: a deletion asks inside its own transaction, so
 * that what was booked a moment before is safe.
 */
export type HeldFootage = (db: Kysely<Database>) => Promise<readonly HeldStretch[]>;

/** Does any of a file's footage belong to a held stretch? */
export const isIn = (
  file: { camera_id: string; start_ms: number; end_ms: number },
  stretch: HeldStretch,
): boolean =>
  file.camera_id === stretch.cameraId && file.start_ms < stretch.toMs && file.end_ms > stretch.fromMs;
