import type { HealthStatus, StatusReason } from '../contract/health.ts';
import { PictureProblems } from '../contract/pictures.ts';
import {
  BAD,
  GONE_BY_WILL,
  GONE_SILENT,
  PICTURE,
  PICTURE_AT,
  SPOKE,
  STREAM_LOST,
  STREAM_OK,
  TROUBLED,
} from './evidence.ts';

/** Nothing for so many heartbeats is offline; one report lost on the way is not even suspect. */
export const SILENT_AFTER_HEARTBEATS = 2.5;
export const LATE_AFTER_HEARTBEATS = 2.25;
/** From a Will to offline, ms. Brokers lose Wills and devices change networks: never the Will alone. */
export const WILL_GRACE_MS = 10_000;
/** After the hub was deaf, devices get this long to find their way back before a Will counts, ms. */
export const HOLD_OFF_MS = 30_000;

/** Times are milliseconds in which the hub was able to hear (`hearing.ts`), never wall time. */
export interface Evidence {
  flags: number;
  /** Last contact; -Infinity before the first since the hub started. */
  heardAt: number;
  /** When its Will came; NaN when none stands. */
  willAt: number;
  heartbeatMs: number;
}

export interface HearingNow {
  now: number;
  /** When the hub last began to hear again. */
  resumedAt: number;
}

export interface Judgement {
  status: HealthStatus;
  reason: StatusReason;
  /** `GONE_BY_WILL` or `GONE_SILENT` where the judgement is final until the next sign of life; else 0. */
  gone: number;
}

/** Rules of liveness 3, 4 and 6, and what the hub saw of a camera's stream and picture on top. */
export function judge(evidence: Evidence, hearing: HearingNow): Judgement {
  const own = judgeReports(evidence, hearing);
  if (evidence.flags & STREAM_OK) {
    const problem = PictureProblems[((evidence.flags & PICTURE) >> PICTURE_AT) - 1];
    // Who looks at this camera sees nothing: that outweighs a warm housing.
    if (problem) return { status: 'degraded', reason: `picture-${problem}`, gone: own.gone };
    return own.status === 'degraded' || own.status === 'bad-data'
      ? own
      : { status: 'online', reason: 'stream-ok', gone: own.gone };
  }
  if (evidence.flags & STREAM_LOST) {
    if (own.status === 'suspect') return own;
    const speaks = own.status !== 'never-seen' && own.status !== 'offline';
    return { status: speaks ? 'degraded' : 'offline', reason: 'stream-lost', gone: own.gone };
  }
  return own;
}

function judgeReports({ flags, heardAt, willAt, heartbeatMs }: Evidence, hearing: HearingNow): Judgement {
  if (!(flags & SPOKE)) return { status: 'never-seen', reason: 'none', gone: 0 };
  if (flags & GONE_BY_WILL) return { status: 'offline', reason: 'will', gone: GONE_BY_WILL };
  if (flags & GONE_SILENT) return { status: 'offline', reason: 'heartbeat-missed', gone: GONE_SILENT };
  const { now, resumedAt } = hearing;
  const heardSince = heardAt >= resumedAt;
  const graceEnd = Math.max(willAt + WILL_GRACE_MS, heardSince ? 0 : resumedAt + HOLD_OFF_MS);
  if (now >= graceEnd) return { status: 'offline', reason: 'will', gone: GONE_BY_WILL };
  const silentFor = now - Math.max(heardAt, resumedAt);
  if (silentFor >= SILENT_AFTER_HEARTBEATS * heartbeatMs && (heardSince || now >= resumedAt + HOLD_OFF_MS))
    return { status: 'offline', reason: 'heartbeat-missed', gone: GONE_SILENT };
  if (!Number.isNaN(willAt)) return { status: 'suspect', reason: 'will', gone: 0 };
  if (silentFor >= LATE_AFTER_HEARTBEATS * heartbeatMs)
    return { status: 'suspect', reason: 'heartbeat-missed', gone: 0 };
  if (flags & BAD) return { status: 'bad-data', reason: 'malformed', gone: 0 };
  if (flags & TROUBLED) return { status: 'degraded', reason: 'threshold', gone: 0 };
  return { status: 'online', reason: 'reported', gone: 0 };
}

/** Cheap first look of the scan: could time alone have changed the judgement? */
export function mayBeDue(evidence: Evidence, { now, resumedAt }: HearingNow): boolean {
  if (!(evidence.flags & SPOKE) || evidence.flags & (GONE_BY_WILL | GONE_SILENT)) return false;
  if (!Number.isNaN(evidence.willAt)) return true;
  return now - Math.max(evidence.heardAt, resumedAt) >= LATE_AFTER_HEARTBEATS * evidence.heartbeatMs;
}
