import type { Kysely } from 'kysely';
import { z } from 'zod';
import { HealthStatus, StatusReason } from '../contract/health.ts';
import type { TimelineEvent } from '../contract/timeline.ts';
import type { Database } from '../storage/tables.ts';
import { maskedText } from './macs.ts';

/** Looked at of each table; a device that reports more in one range is not drawn any better by more. */
const MOST_ROWS = 2000;

const Severity = z.enum(['info', 'warning', 'critical']).catch('info');
const Status = HealthStatus.catch('never-seen');
const Reason = StatusReason.catch('none');

export interface TimelineEvents {
  events: TimelineEvent[];
  more: boolean;
}

/** What happened to a device in `[from, to)`, oldest first: of each `resolutionMs` the gravest. */
export type TimelineEventsOf = (
  num: number,
  from: number,
  to: number,
  resolutionMs: number,
) => Promise<TimelineEvents>;

export function createTimelineEvents(db: Kysely<Database>): TimelineEventsOf {
  return async (num, from, to, resolutionMs) => {
    const changes = await db
      .selectFrom('status_changes')
      .select(['at', 'status', 'reason'])
      .where('num', '=', num)
      .where('at', '>=', from)
      .where('at', '<', to)
      .orderBy('at', 'desc')
      .limit(MOST_ROWS)
      .execute();
    const told = await db
      .selectFrom('device_events')
      .select(['at', 'type', 'severity'])
      .where('num', '=', num)
      .where('at', '>=', from)
      .where('at', '<', to)
      .orderBy('at', 'desc')
      .limit(MOST_ROWS)
      .execute();
    const events: TimelineEvent[] = [
      ...changes.map(({ at, status, reason }) => ({
        ...{ kind: 'status' as const, at, count: 1 },
        status: Status.parse(status),
        reason: Reason.parse(reason),
      })),
      ...told.map(({ at, type, severity }) => ({
        ...{ kind: 'device' as const, at, type: maskedText(type), count: 1 },
        severity: Severity.parse(severity),
      })),
    ].sort((a, b) => a.at - b.at);
    return {
      events: thinned(events, resolutionMs),
      more: changes.length === MOST_ROWS || told.length === MOST_ROWS,
    };
  };
}

const GRAVE = new Set<string>(['offline', 'flapping', 'bad-data', 'critical']);
const WORTH_SEEING = new Set<string>(['degraded', 'suspect', 'warning']);

function gravity(event: TimelineEvent): number {
  const word = event.kind === 'status' ? event.status : event.severity;
  return GRAVE.has(word) ? 2 : WORTH_SEEING.has(word) ? 1 : 0;
}

/** Of each stretch of the resolution the gravest event, the first of equals, counting the others. */
export function thinned(events: readonly TimelineEvent[], resolutionMs: number): TimelineEvent[] {
  if (resolutionMs <= 0) return [...events];
  const result: TimelineEvent[] = [];
  let bucket = Number.NaN;
  for (const event of events) {
    const last = result.at(-1);
    const own = Math.floor(event.at / resolutionMs);
    if (!last || own !== bucket) {
      bucket = own;
      result.push(event);
      continue;
    }
    const graver = gravity(event) > gravity(last) ? event : last;
    result[result.length - 1] = { ...graver, count: last.count + event.count };
  }
  return result;
}
