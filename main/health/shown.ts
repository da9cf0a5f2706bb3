import { HealthStatuses, type StatusReason, StatusReasons } from '../contract/health.ts';
import type { Columns } from './columns.ts';
import { FLAPPING, MAINTENANCE } from './evidence.ts';
import type { Judgement } from './liveness.ts';

/** Who is told what of a device is now another thing than before. */
export interface ShownListener {
  /** Status or reason is now another one. */
  changed(num: number, at: number): void;
  /** The status beneath the one shown is now another one. */
  changedBeneath(num: number, at: number): void;
  /** Session or evidence changed although the status may not have. */
  touched(num: number): void;
}

/** Writes what is judged of a device into the columns, and tells what that changed; `at` is UTC ms. */
export function createShown(columns: Columns, listener: ShownListener) {
  return function show(num: number, { status, reason }: Judgement, base: number, at: number): void {
    const statusIndex = HealthStatuses.indexOf(status);
    const reasonIndex = StatusReasons.indexOf(reason);
    const otherBase = columns.base[num] !== base;
    columns.base[num] = base;
    if (columns.status[num] === statusIndex) {
      // Beneath maintenance or flapping the device changed: kept for reports, shown to nobody.
      if (otherBase) listener.changedBeneath(num, at);
      if (columns.reason[num] === reasonIndex) return;
      // The same status for another reason is no change of the device: it has been so since before.
      columns.reason[num] = reasonIndex;
      listener.touched(num);
      return;
    }
    columns.status[num] = statusIndex;
    columns.reason[num] = reasonIndex;
    columns.since[num] = at;
    listener.changed(num, at);
  };
}

/** What is shown instead: work on a device explains everything, flapping explains coming and going. */
export function overlaid(judgement: Judgement, flags: number): Judgement {
  if (judgement.status === 'never-seen') return judgement;
  if (flags & MAINTENANCE) return { ...judgement, status: 'maintenance', reason: 'maintenance' };
  if (flags & FLAPPING) return { ...judgement, status: 'flapping', reason: 'flapping' };
  return judgement;
}

/** It speaks, only not in the session that counts: to say that nothing came would send somebody to a sound device. */
export function withOlderSession(judgement: Judgement): Judgement {
  const silent = judgement.reason === 'heartbeat-missed' || judgement.reason === 'will';
  return judgement.status === 'offline' && silent ? { ...judgement, reason: 'older-session' } : judgement;
}

export const reasonAt = (index: number | undefined): StatusReason => StatusReasons[index ?? 0] ?? 'none';
