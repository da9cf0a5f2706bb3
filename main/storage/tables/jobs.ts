export interface JobTables {
  /** Background work. A row that is `running` at a start was cut off: begun anew when `lasting`, else failed. */
  job: {
    id: string;
    kind: string;
    owner_id: string;
    state: string;
    lasting: number;
    started_at: number;
    ended_at: number | null;
    /** JSON. */
    result: string | null;
    error: string | null;
  };
}
