import type { Generated } from 'kysely';

export interface NoticeTables {
  /** What a channel out is to tell of an incident, and when it did, or was given up; null while it waits. */
  notices: {
    id: Generated<number>;
    channel: string;
    incident_id: string;
    kind: string;
    at: number;
    sent_at: number | null;
    /** Messages with it that did not get through. */
    tries: Generated<number>;
  };
  /** What is known of each channel out. */
  notice_receivers: {
    channel: string;
    /** When it last took a message, a test included. */
    sent_at: number | null;
    failed_at: number | null;
    /** Why then, as JSON (`Trouble`); a bare sentence in rows of earlier versions. */
    problem: string | null;
    /** Notices that it was never told, for good. */
    given_up: Generated<number>;
    given_up_at: number | null;
  };
}
