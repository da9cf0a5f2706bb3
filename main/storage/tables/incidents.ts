import type { Generated } from 'kysely';

export interface IncidentTables {
  incidents: {
    id: string;
    cause: string;
    severity: string;
    /** The device that caused it; null for a disk, an area or the hub itself. */
    num: number | null;
    /** District of an outage of many devices. */
    area: string | null;
    /** Name of a disk. */
    subject: string | null;
    reason: string;
    found_at_start: number;
    opened_at: number;
    cleared_at: number | null;
    resolved_at: number | null;
    taken_by: string | null;
    taken_name: string | null;
    taken_at: number | null;
    muted_until: number | null;
  };
  /** Devices that it took down, the causing one included. */
  incident_members: { incident_id: string; num: number; since: number; until: number | null };
  /** The same of those that it took down again since: what was over by then. */
  incident_earlier: { incident_id: string; num: number; since: number; until: number };
  incident_notes: {
    id: Generated<number>;
    incident_id: string;
    at: number;
    kind: string;
    person_id: string | null;
    person_name: string | null;
    text: string;
  };
  maintenance_windows: {
    id: string;
    /** JSON of a `Scope`. */
    scope: string;
    from_ms: number;
    until_ms: number;
    reason: string;
    made_by: string;
    made_name: string;
    made_at: number;
  };
}
