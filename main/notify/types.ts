import type { ExceededMeasurement } from '../contract/health.ts';
import type { IncidentCause, Severity } from '../contract/incidents.ts';

/** What goes out of an incident: words and numbers, nothing that a stranger's inbox should not hold. */
export interface NoticeIncident {
  id: string;
  cause: IncidentCause;
  severity: Severity;
  /** Device id and name, district, disk or hub. */
  subject: { kind: string; id: string | null; name: string; address: string | null };
  reason: string;
  /** What of a degraded device is out of bounds as the message goes. */
  exceeded: ExceededMeasurement[];
  since: number;
  openedAt: number;
  clearedAt: number | null;
  /** The incident that took this one in: its cause was found, and it lasts. */
  partOf: { id: string; name: string } | null;
  affected: number;
}

/** An incident as it is now; `muted` ones are not told. */
export type TellableIncident = NoticeIncident & { muted: boolean; resolved: boolean };

export const isOver = ({ resolved, clearedAt }: Pick<TellableIncident, 'resolved' | 'clearedAt'>): boolean =>
  resolved || clearedAt !== null;

export interface Notice {
  kind: 'opened' | 'cleared';
  at: number;
  incident: NoticeIncident;
}

/** A way out of the hub. */
export interface Channel {
  /** Stable: what waits for it is kept under this name. */
  name: string;
  kind: 'webhook' | 'email';
  host: string;
  minSeverity: Severity;
  /** Tells all of them in one message. @throws when it could not: it is tried again */
  send(notices: readonly Notice[], signal: AbortSignal): Promise<void>;
  /** Sends a message that says that it is none. @throws when it could not */
  test(signal: AbortSignal): Promise<void>;
  stop(): void;
}
