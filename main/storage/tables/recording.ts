import type { Generated } from 'kysely';
import type { TrackName } from '../../contract/video.ts';

export interface RecordingTables {
  /** One file of some sixty seconds. The row follows the bytes, and leaves before them. */
  recording_file: {
    id: Generated<number>;
    camera_id: string;
    track: TrackName;
    /** Inside the recordings folder, with `/`. */
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
