import type { Generated } from 'kysely';
import type { TrackName } from '../../contract/video.ts';

export interface RecordingTables {
  /** A folder that takes footage. Known by the identity file in it, wherever it is mounted. */
  recording_disk: {
    num: Generated<number>;
    identity: string;
    /** Where it was last met; null once another disk has taken its place. */
    folder: string | null;
    /** UTC ms. */
    added_at: number;
  };
  /** One file of some sixty seconds. The row follows the bytes, and leaves before them. */
  recording_file: {
    id: Generated<number>;
    camera_id: string;
    track: TrackName;
    /** Number of the disk on which it stands; null for footage of a version that knew one folder only. */
    disk: number | null;
    /** Inside the disk's folder, with `/`. */
    path: string;
    /** Media sequence number of the first segment; the others follow without a hole. */
    first_msn: number;
    segment_count: number;
    start_ms: number;
    end_ms: number;
    bytes: number;
    init_hash: string;
    state: 'open' | 'closed' | 'deleting';
    /** Why the footage does not continue the file before; null when it does. */
    break_before: string | null;
    /** Packed segment entries. */
    segments: Buffer;
  };
  /** Init segments, by hash: a name that never changes its meaning. */
  recording_init: {
    camera_id: string;
    hash: string;
    bytes: Buffer;
    codec: string;
    width: number;
    height: number;
    timescale: number;
  };
  /** Up to when a track's footage was deleted because its time was over. */
  recording_expiry: { camera_id: string; track: TrackName; until_ms: number };
}
