import type { CommandKind } from '../contract/command-spec.ts';
import type { HealthStatus, StatusReason } from '../contract/health.ts';
import type { IncidentCause } from '../contract/incidents.ts';

/**
 * What an incident is about: a device, a district (or `WHOLE_CITY`) in which many died at once, a disk, or something of
 * the hub's own: its hearing of the devices, its history of their values.
 */
export type Root =
  | { kind: 'device'; num: number }
  | { kind: 'area'; area: string }
  | { kind: 'disk'; name: string }
  | { kind: 'hub'; part: 'hearing' | 'history' };

export interface OpenIncident {
  id: string;
  cause: IncidentCause;
  root: Root;
  reason: string;
  foundAtStart: boolean;
  /** UTC ms. */
  openedAt: number;
  /** UTC ms since when its condition is over; null while it lasts. */
  clearedAt: number | null;
  /** Somebody took it: only he resolves it. */
  taken: boolean;
  /** Devices that it took down: since when, and until when; null while they are. */
  members: Map<number, { since: number; until: number | null }>;
}

/** A person's command under way at a device that may cut it off for a while. Times are UTC ms. */
export interface Commanded {
  kind: CommandKind;
  personId: string;
  personName: string;
  sentAt: number;
  /** When it counts as failed unless its effect shows. */
  until: number;
}

/** What the engine decided, in order; whoever keeps incidents stores it. */
export type IncidentStep =
  | { step: 'open'; incident: OpenIncident }
  | { step: 'join'; incidentId: string; num: number; since: number }
  | { step: 'leave'; incidentId: string; num: number; at: number }
  | { step: 'commanded'; incidentId: string; command: Commanded }
  | { step: 'clear'; incidentId: string; at: number }
  | { step: 'return'; incidentId: string; at: number }
  | { step: 'absorb'; incidentId: string; into: string; at: number }
  | { step: 'close'; incidentId: string; at: number };

/** How a device is. */
export interface Condition {
  status: HealthStatus;
  reason: StatusReason;
  since: number | null;
  /** The status beneath maintenance and flapping. */
  base: HealthStatus;
  /** Whether it was heard or seen since the hub started. */
  heard: boolean;
}

/** What the engine asks of the rest of the hub. */
export interface EngineWorld {
  statusOf(num: number): Condition;
  parentOf(num: number): number | undefined;
  childrenOf(num: number): readonly number[];
  districtOf(num: number): string | undefined;
  /** The command that may cut this device off now; undefined once it ended, however it did. */
  commandedAt(num: number): Commanded | undefined;
  devices(): Iterable<number>;
  newId(): string;
}
