export interface PictureTables {
  /** How a camera usually looks: four classes of hours, packed. */
  picture_learned: { camera_id: string; normals: Buffer };
  /** What is wrong with a camera's picture now; no row where nothing is. */
  picture_finding: {
    camera_id: string;
    problem: string;
    /** Footage times, UTC ms. */
    since: number;
    seen_at: number;
    good_at: number | null;
    /** JSON: where the old view lies in the new one, or null. */
    shift: string;
    /** JPEG. */
    thumbnail: Buffer | null;
    thumbnail_at: number | null;
  };
}
