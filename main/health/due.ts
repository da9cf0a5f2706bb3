import { type Columns, DEFAULT_HEARTBEAT_MS, NO_HEARTBEAT_MS } from './columns.ts';
import { FLAPPING, GONE_BY_WILL, GONE_SILENT, SPOKE, STREAM_OK } from './evidence.ts';
import type { Hearing } from './hearing.ts';
import { type Evidence, mayBeDue } from './liveness.ts';

export const noEvidence = (): Evidence => ({
  flags: 0,
  heardAt: Number.NEGATIVE_INFINITY,
  willAt: Number.NaN,
  heartbeatMs: DEFAULT_HEARTBEAT_MS,
});

/** What is known of a device, written over `into`: asked of each device some times a second. */
export function readEvidence(columns: Columns, num: number, into: Evidence): Evidence {
  into.flags = columns.flags[num] ?? 0;
  into.heardAt = columns.heardAt[num] ?? Number.NEGATIVE_INFINITY;
  into.willAt = columns.willAt[num] ?? Number.NaN;
  into.heartbeatMs = columns.heartbeatMs[num] ?? DEFAULT_HEARTBEAT_MS;
  return into;
}

/**
 * Goes through all devices some times a second, without making anything: `reassess` is called for each whose time may
 * have come. `result` is told of those flapping that tell of changes only, that they go on as they are.
 */
export function createDueScan({
  columns,
  hearing,
  result,
  reassess,
}: {
  columns: Columns;
  hearing: Hearing;
  result: (num: number, answers: boolean) => void;
  reassess: (num: number, at: number) => void;
}): (at: number) => void {
  const evidence = noEvidence();
  return (at) => {
    const hearingNow = { now: hearing.now(), resumedAt: hearing.resumedAt() };
    for (let num = 0; num < columns.capacity; num++) {
      if (columns.kind[num] === 0) continue;
      readEvidence(columns, num, evidence);
      if (evidence.flags & FLAPPING) {
        // A stream, or a dialect without heartbeat, tells of changes only: that it goes on is a result too.
        if (!(evidence.flags & SPOKE)) result(num, (evidence.flags & STREAM_OK) !== 0);
        else if (evidence.heartbeatMs === NO_HEARTBEAT_MS && Number.isNaN(evidence.willAt))
          result(num, (evidence.flags & (GONE_BY_WILL | GONE_SILENT)) === 0);
        reassess(num, at);
      } else if (mayBeDue(evidence, hearingNow)) reassess(num, at);
    }
  };
}
