import { HealthStatuses, StatusReasons } from '../contract/health.ts';
import { type Columns, NEVER_SEEN } from './columns.ts';
import { unpackContacts } from './contacts.ts';
import type { HealthStore, StateRow } from './store.ts';
import type { Tracker } from './tracker.ts';

/**
 * Brings back what the last run knew of the devices that are registered still.
 * @returns until when that run was able to hear, UTC ms; null on the first start
 */
export async function restoreLastRun(
  columns: Columns,
  store: HealthStore,
  tracker: Pick<Tracker, 'wasOutdated' | 'wasOverlaid'>,
): Promise<number | null> {
  for (const row of await store.loadStates()) {
    if (!restore(columns, row)) continue;
    if (row.olderSession !== null) tracker.wasOutdated(row.num, row.olderSession);
    if (row.status === 'maintenance' || row.status === 'flapping') tracker.wasOverlaid(row.num);
  }
  for (const { chunk, data } of await store.loadContacts()) unpackContacts(columns, chunk, data);
  // What still comes from a session that a reset ended is late, after a start too.
  for (const { num, oldSession, newSession } of await store.loadResets())
    if (columns.session[num] === newSession) columns.retired[num] = oldSession;
  return store.lastAlive();
}

/** @returns false when the device is no longer registered */
function restore(columns: Columns, row: StateRow): boolean {
  const { num } = row;
  if (num >= columns.capacity || columns.kind[num] === 0) return false;
  columns.flags[num] = row.flags;
  columns.status[num] = HealthStatuses.indexOf(row.status);
  columns.base[num] = columns.status[num] ?? NEVER_SEEN;
  columns.reason[num] = StatusReasons.indexOf(row.reason);
  columns.since[num] = row.since;
  columns.session[num] = row.session ?? Number.NaN;
  columns.seq[num] = row.seq ?? Number.NaN;
  columns.lastRxAt[num] = row.lastRxAt ?? Number.NaN;
  columns.heartbeatMs[num] = row.heartbeatMs;
  // A Will that stood when the hub stopped stands again; its grace begins anew with the hub's hearing.
  if (row.status === 'suspect' && row.reason === 'will') columns.willAt[num] = 0;
  return true;
}
