import type { Generated } from 'kysely';

export interface NoticeTables {
  /** What a channel out is to tell of an incident, and when it did; null while it waits. */
  notices: {
    id: Generated<number>;
    channel: string;
    incident_id: string;
    kind: string;
    at: number;
    sent_at: number | null;
  };
}
