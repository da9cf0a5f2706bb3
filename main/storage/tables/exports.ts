export interface ExportTables {
  /** What somebody asked to take out of the archive, under the id of the job that makes it. */
  export: {
    id: string;
    owner_id: string;
    /** Network address the request came from. */
    origin: string;
    asked_at: number;
    /** JSON: cameras, range, form, basis. */
    request: string;
    estimate_bytes: number;
    /** `going`, `done`, `failed` or `cancelled`. */
    state: string;
    ended_at: number | null;
    kept_until: number | null;
    /** JSON. */
    error: string | null;
    /** JSON: the archive and the files in it with their places and hashes. */
    result: string | null;
  };
}
