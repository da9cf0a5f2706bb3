import { type Columns, known, NEVER_SEEN } from './columns.ts';
import { CONFIRMED, GONE_BY_WILL, GONE_SILENT, SPOKE } from './evidence.ts';
import type { Hearing } from './hearing.ts';
import { HOLD_OFF_MS, SILENT_AFTER_HEARTBEATS } from './liveness.ts';

/** Which statuses are only the last ones known, although the hub hears. */
export interface LastKnown {
  /** UTC ms since when a device's status is a memory; null when it is known. */
  since(num: number): number | null;
  /** UTC ms since when the gateway that speaks for a device is gone; null when it is not, or when none does. */
  gatewayLostSince(num: number): number | null;
}

export function createLastKnown(options: {
  columns: Columns;
  hearing: Hearing;
  /** When the last run was able to hear last, UTC ms; null at the first start. */
  blindFrom: number | null;
  gatewayOf(num: number): number | undefined;
}): LastKnown {
  const { columns, hearing, blindFrom, gatewayOf } = options;

  /** A status brought back from the last run is a memory until the device, or its absence, confirms it. */
  function memorySince(num: number): number | null {
    const flags = columns.flags[num] ?? 0;
    if (flags & CONFIRMED || columns.status[num] === NEVER_SEEN) return null;
    const waited =
      hearing.now() >= Math.max(HOLD_OFF_MS, SILENT_AFTER_HEARTBEATS * (columns.heartbeatMs[num] ?? 0));
    return flags & SPOKE && waited ? null : blindFrom;
  }

  /** A device behind a gateway that is gone cannot be heard: its silence says nothing of itself. */
  function gatewayLostSince(num: number): number | null {
    const gateway = gatewayOf(num);
    const gone = gateway !== undefined && (columns.flags[gateway] ?? 0) & (GONE_BY_WILL | GONE_SILENT);
    return gone ? known(columns.since[gateway]) : null;
  }

  return { since: (num) => memorySince(num) ?? gatewayLostSince(num), gatewayLostSince };
}
