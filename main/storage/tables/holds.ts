import type { TrackName } from '../../contract/video.ts';

/** Times are UTC ms. */
export interface HoldTables {
  /** A booked stretch of footage. Never deleted: who kept what, why and until when stays to be seen. */
  hold: {
    id: string;
    from_ms: number;
    to_ms: number;
    until_ms: number;
    kept_until_ms: number;
    basis: string;
    state: 'requested' | 'held' | 'ended';
    by_id: string;
    by_name: string;
    at: number;
    approved_by_id: string | null;
    approved_by_name: string | null;
    approved_at: number | null;
    ended_at: number | null;
    ended_by_id: string | null;
    ended_by_name: string | null;
    end_reason: 'expired' | 'unconfirmed' | 'ended' | null;
    end_note: string | null;
  };
  hold_camera: { hold_id: string; camera_id: string };
  bookmark: {
    id: string;
    camera_id: string;
    at_ms: number;
    to_ms: number | null;
    title: string;
    /** The title as search sees it (`devices/fold.ts`). */
    search: string;
    shared: number;
    by_id: string;
    by_name: string;
    created_at: number;
    updated_at: number;
  };
  /** What of a past UTC day was recorded (`recording/day-extents.ts`); triggers drop it when a file of it changes. */
  recording_day: { camera_id: string; track: TrackName; day: number; extents: Buffer };
}
