import { HealthStatuses, StatusReasons } from '../contract/health.ts';

export const DEFAULT_HEARTBEAT_MS = 30_000;
/** Of a device that speaks only when something changes: the most its column holds, seven weeks. */
export const NO_HEARTBEAT_MS = 2 ** 32 - 1;
export const NEVER_SEEN = HealthStatuses.indexOf('never-seen');
const NO_REASON = StatusReasons.indexOf('none');

/** State of every device in columns by device number: about 80 bytes each, scanned once a second. */
export interface Columns {
  capacity: number;
  /** Index in DeviceKinds plus 1; 0 where there is no such device. */
  kind: Uint8Array;
  /** Right shard of the device's topics plus 1; 0 while not worked out. */
  shard: Uint16Array;
  flags: Uint16Array;
  /** Index in HealthStatuses and in StatusReasons. */
  status: Uint8Array;
  reason: Uint8Array;
  /** The status that would be shown without maintenance and flapping. */
  base: Uint8Array;
  /** UTC ms; NaN before the first. */
  since: Float64Array;
  session: Float64Array;
  seq: Float64Array;
  retired: Float64Array;
  lastRxAt: Float64Array;
  /** Hearing time, ms. */
  heardAt: Float64Array;
  willAt: Float64Array;
  heartbeatMs: Uint32Array;
  /** Device clock minus hub clock, ms; NaN before the first report. */
  skewMs: Float64Array;
  /** The last results' changes (`flapping.ts`), whether the last one was an answer (1), none (2), and when, hearing time. */
  changes: Uint32Array;
  answered: Uint8Array;
  resultAt: Float64Array;
}

export function createColumns(capacity: number): Columns {
  const unknown = () => new Float64Array(capacity).fill(Number.NaN);
  return {
    capacity,
    kind: new Uint8Array(capacity),
    shard: new Uint16Array(capacity),
    flags: new Uint16Array(capacity),
    status: new Uint8Array(capacity).fill(NEVER_SEEN),
    reason: new Uint8Array(capacity).fill(NO_REASON),
    base: new Uint8Array(capacity).fill(NEVER_SEEN),
    since: unknown(),
    session: unknown(),
    seq: unknown(),
    retired: unknown(),
    lastRxAt: unknown(),
    heardAt: new Float64Array(capacity).fill(Number.NEGATIVE_INFINITY),
    willAt: unknown(),
    heartbeatMs: new Uint32Array(capacity).fill(DEFAULT_HEARTBEAT_MS),
    skewMs: unknown(),
    changes: new Uint32Array(capacity),
    answered: new Uint8Array(capacity),
    resultAt: new Float64Array(capacity),
  };
}

/** Makes room for device number `num`, in place. */
export function makeRoom(columns: Columns, num: number): void {
  if (num < columns.capacity) return;
  // Not twice as much: a city's columns are tens of megabytes, and devices are added one by one only later.
  const grown = createColumns(Math.max(num + 1, Math.ceil(columns.capacity * 1.125)));
  grown.kind.set(columns.kind);
  grown.shard.set(columns.shard);
  grown.flags.set(columns.flags);
  grown.status.set(columns.status);
  grown.reason.set(columns.reason);
  grown.base.set(columns.base);
  grown.since.set(columns.since);
  grown.session.set(columns.session);
  grown.seq.set(columns.seq);
  grown.retired.set(columns.retired);
  grown.lastRxAt.set(columns.lastRxAt);
  grown.heardAt.set(columns.heardAt);
  grown.willAt.set(columns.willAt);
  grown.heartbeatMs.set(columns.heartbeatMs);
  grown.skewMs.set(columns.skewMs);
  grown.changes.set(columns.changes);
  grown.answered.set(columns.answered);
  grown.resultAt.set(columns.resultAt);
  Object.assign(columns, grown);
}

/** A number of a column, or null for "not known". */
export const known = (value: number | undefined): number | null =>
  value === undefined || Number.isNaN(value) ? null : value;
