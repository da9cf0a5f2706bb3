import { DeviceKinds } from '../contract/device.ts';
import { HealthStatuses } from '../contract/health.ts';
import type { StatusPayload } from '../contract/mqtt-payloads.ts';
import { type PictureProblem, PictureProblems } from '../contract/pictures.ts';
import { createAnswering } from './answering.ts';
import { type Columns, DEFAULT_HEARTBEAT_MS } from './columns.ts';
import { type Details, detailsOf, troubled } from './details.ts';
import { createDueScan, noEvidence, readEvidence } from './due.ts';
import {
  BAD_OTHER,
  BAD_STATE,
  BAD_STATUS,
  CONFIRMED,
  GONE_BY_WILL,
  GONE_SILENT,
  MAINTENANCE,
  PICTURE,
  PICTURE_AT,
  SPOKE,
  STREAM_LOST,
  STREAM_OK,
  TROUBLED,
} from './evidence.ts';
import type { Hearing } from './hearing.ts';
import { createLastReports } from './last-reports.ts';
import { HOLD_OFF_MS, judge, SILENT_AFTER_HEARTBEATS } from './liveness.ts';
import { chartTime, type Readings, readingsOf } from './metrics.ts';
import { createOlderSessions } from './older-sessions.ts';
import type { DeviceState } from './payloads.ts';
import { createShown, overlaid, type ShownListener, withOlderSession } from './shown.ts';
import type { ThresholdWatch } from './thresholds.ts';
import { judgeBirth, judgeReport, judgeWill, type Watermark, watermarkOf } from './watermark.ts';

/** What the tracker tells whoever keeps and passes on its findings. */
export interface TrackerListener extends ShownListener {
  /** The device gave a sign of life. */
  reported(num: number): void;
  reset(num: number, at: number, oldSession: number, newSession: number): void;
  /** By their numbers, so many reports between the last one and this never came, or have yet to come late. */
  missed(count: number): void;
  /** A report that came late or twice. */
  stale(): void;
  /** Values of a report for the history. */
  readings(num: number, at: number, readings: Readings): void;
}

/** When a message came, and whether it came just now. */
export interface Receipt {
  rxAt: number;
  retained: boolean;
}

/** Applies what devices say and what time takes away to the columns. */
export interface Tracker {
  status(num: number, status: StatusPayload, receipt: Receipt): void;
  state(num: number, state: DeviceState, receipt: Receipt): void;
  /** An event or acknowledgement: proof of life, nothing more. False when it is of an older session. */
  spoke(num: number, session: number, receipt: Receipt, healed?: number): boolean;
  /** A dialect without sessions says that the device is back; the broker had kept it. */
  returned(num: number, receipt: Receipt): void;
  /** How often the device is to be heard, where its messages do not say so themselves, ms. */
  rhythm(num: number, heartbeatMs: number): void;
  malformed(num: number, receipt: Receipt, channelBit: number): void;
  streamSeen(num: number, ok: boolean, at: number): void;
  /** What is wrong with a camera's picture; null when nothing is. */
  pictureSeen(num: number, problem: PictureProblem | null, at: number): void;
  /** From now on, work goes on at these devices and no others; with `nums`, asked for those alone. */
  maintenance(isUnder: (num: number) => boolean, at: number, nums?: readonly number[]): void;
  /** Judges every device whose time may have come. `at` is UTC ms. */
  scan(at: number): void;
  details(num: number): Details | undefined;
  /** The session, older than the live one, in which the device is heard in vain now; null when it is not. */
  olderSession(num: number): number | null;
  /** The last run heard it in vain in this older session: until it should have been heard again, that is why it is gone. */
  wasOutdated(num: number, session: number): void;
  /** The last run showed maintenance or flapping over what it was: judged anew once the hub hears, or it stays so for ever. */
  wasOverlaid(num: number): void;
  /** Drops the clients that devices reported before, UTC ms, and not since. */
  forgetClients(before: number): void;
  /** Drops what devices said that are no longer registered. */
  prune(): void;
}

export function createTracker(options: {
  columns: Columns;
  hearing: Hearing;
  listener: TrackerListener;
  thresholds: ThresholdWatch;
}): Tracker {
  const { columns, hearing, listener, thresholds } = options;
  const reports = createLastReports((num) => DeviceKinds[(columns.kind[num] ?? 0) - 1]);

  const older = createOlderSessions({
    hearing,
    heartbeatMs: (num) => columns.heartbeatMs[num] ?? DEFAULT_HEARTBEAT_MS,
  });

  const markOf = (num: number): Watermark => watermarkOf(columns, num);
  const flagsOf = (num: number): number => columns.flags[num] ?? 0;

  function setFlags(num: number, set: number, clear: number): void {
    const before = flagsOf(num);
    const after = (before & ~clear) | set;
    if (after === before) return;
    columns.flags[num] = after;
    listener.touched(num);
  }

  const overlaidBefore = new Set<number>();

  const result = createAnswering(columns, hearing, setFlags);
  const show = createShown(columns, listener);

  /** A live message of a session that is over. It proves nothing, but it says why a device is held for silent. */
  function outdated(num: number, session: number, { retained, rxAt }: Receipt): void {
    if (retained) return;
    const first = older.of(num) === null;
    older.heard(num, session);
    if (first) reassess(num, rxAt);
  }

  function begin(num: number, session: number, retired: number): void {
    columns.session[num] = session;
    columns.seq[num] = Number.NaN;
    columns.retired[num] = retired;
    reports.drop(num);
    listener.touched(num);
  }

  function alive(num: number, { rxAt }: Receipt, clear = 0): void {
    older.settled(num);
    columns.lastRxAt[num] = rxAt;
    columns.heardAt[num] = hearing.stamp();
    columns.willAt[num] = Number.NaN;
    setFlags(num, SPOKE | CONFIRMED, GONE_BY_WILL | GONE_SILENT | clear);
    result(num, true);
    listener.reported(num);
  }

  function reassess(num: number, at: number): void {
    const evidence = readEvidence(columns, num, noEvidence());
    const judgement = judge(evidence, { now: hearing.now(), resumedAt: hearing.resumedAt() });
    if (judgement.gone !== 0 && !(evidence.flags & judgement.gone))
      setFlags(num, judgement.gone | CONFIRMED, 0);
    if (judgement.status === 'offline') result(num, false);
    const told = older.of(num) === null ? judgement : withOlderSession(judgement);
    show(num, overlaid(told, flagsOf(num)), HealthStatuses.indexOf(judgement.status), at);
  }

  const scanDue = createDueScan({ columns, hearing, result, reassess });

  function beat(num: number, heartbeatMs: number): void {
    if (columns.heartbeatMs[num] === heartbeatMs) return;
    columns.heartbeatMs[num] = heartbeatMs;
    listener.touched(num);
  }

  function birth(num: number, status: StatusPayload, receipt: Receipt): void {
    const mark = markOf(num);
    const verdict = judgeBirth(mark, status.session, receipt.retained);
    if (verdict === 'stale') {
      outdated(num, status.session, receipt);
      return;
    }
    if (status.heartbeatS !== undefined) beat(num, status.heartbeatS * 1000);
    if (verdict === 'reset') listener.reset(num, receipt.rxAt, mark.session, status.session);
    if (verdict !== 'same') begin(num, status.session, verdict === 'reset' ? mark.session : Number.NaN);
    if (!receipt.retained) alive(num, receipt, BAD_STATUS | BAD_OTHER);
    else if (verdict === 'same') setFlags(num, CONFIRMED, 0);
    else awaited(num);
  }

  /** Kept by the broker: the device came back while we were away. No contact, but reason to wait for one. */
  function awaited(num: number): void {
    const heartbeatMs = columns.heartbeatMs[num] ?? DEFAULT_HEARTBEAT_MS;
    // However short its heartbeat, it has the time to find its way back that all have.
    const held = hearing.resumedAt() + HOLD_OFF_MS - SILENT_AFTER_HEARTBEATS * heartbeatMs;
    columns.heardAt[num] = Math.max(hearing.stamp(), held);
    columns.willAt[num] = Number.NaN;
    setFlags(num, SPOKE | CONFIRMED, GONE_BY_WILL | GONE_SILENT);
  }

  /** Rule of liveness 2: what comes late never changes the live state, but it may fill the history. */
  function late(num: number, state: DeviceState, { rxAt }: Receipt): void {
    const { session, ts } = state.report;
    if (session !== columns.session[num] || chartTime(ts, rxAt) !== ts) return;
    listener.readings(num, ts, readingsOf(state, detailsOf(state, undefined, rxAt), undefined));
  }

  function will(num: number, status: StatusPayload): void {
    const verdict = judgeWill(markOf(num), status.session);
    if (verdict === 'stale') return;
    if (verdict === 'new-session') begin(num, status.session, Number.NaN);
    setFlags(num, SPOKE | CONFIRMED, 0);
    const gone = flagsOf(num) & (GONE_BY_WILL | GONE_SILENT);
    if (gone === 0 && Number.isNaN(columns.willAt[num] ?? Number.NaN)) columns.willAt[num] = hearing.stamp();
  }

  return {
    status(num, status, receipt) {
      if (status.online) birth(num, status, receipt);
      else will(num, status);
      reassess(num, receipt.rxAt);
    },
    state(num, state, receipt) {
      // State is never retained by the standard; an old one kept by mistake proves nothing.
      if (receipt.retained) return;
      const { report } = state;
      const verdict = judgeReport(markOf(num), report.session, report.seq);
      if (verdict === 'stale') {
        listener.stale();
        if (report.session !== columns.session[num]) outdated(num, report.session, receipt);
        return late(num, state, receipt);
      }
      // A session's first number may be any.
      const missing = verdict === 'next' ? report.seq - (columns.seq[num] ?? Number.NaN) - 1 : 0;
      if (missing > 0) listener.missed(missing);
      if (verdict === 'new-session') begin(num, report.session, Number.NaN);
      columns.seq[num] = report.seq;
      columns.skewMs[num] = report.ts - receipt.rxAt;
      const before = reports.compared(num);
      const now = detailsOf(state, before, receipt.rxAt);
      reports.keep(num, state, now);
      const readings = readingsOf(state, now, before);
      listener.readings(num, chartTime(report.ts, receipt.rxAt), readings);
      alive(num, receipt, BAD_STATE | BAD_OTHER);
      const beyond = thresholds.report(num, state.kind, readings);
      if (beyond || troubled(now)) setFlags(num, TROUBLED, 0);
      else setFlags(num, 0, TROUBLED);
      reassess(num, receipt.rxAt);
    },
    spoke(num, session, receipt, healed = BAD_OTHER) {
      const mark = markOf(num);
      if (session === mark.retired || session < mark.session) {
        outdated(num, session, receipt);
        return false;
      }
      if (receipt.retained) return true;
      if (session > mark.session || Number.isNaN(mark.session)) begin(num, session, Number.NaN);
      alive(num, receipt, healed);
      reassess(num, receipt.rxAt);
      return true;
    },
    rhythm: beat,
    returned(num, receipt) {
      awaited(num);
      reassess(num, receipt.rxAt);
    },
    malformed(num, receipt, channelBit) {
      if (receipt.retained) return;
      alive(num, receipt);
      setFlags(num, channelBit, 0);
      reassess(num, receipt.rxAt);
    },
    streamSeen(num, ok, at) {
      setFlags(num, CONFIRMED | (ok ? STREAM_OK : STREAM_LOST), ok ? STREAM_LOST : STREAM_OK);
      if (!(flagsOf(num) & SPOKE)) result(num, ok);
      reassess(num, at);
    },
    pictureSeen(num, problem, at) {
      const found = problem === null ? 0 : (PictureProblems.indexOf(problem) + 1) << PICTURE_AT;
      setFlags(num, found, PICTURE & ~found);
      reassess(num, at);
    },
    maintenance(isUnder, at, nums) {
      const ask = (num: number): void => {
        if ((columns.kind[num] ?? 0) === 0) return;
        const under = isUnder(num);
        if (under === ((flagsOf(num) & MAINTENANCE) !== 0)) return;
        setFlags(num, under ? MAINTENANCE : 0, under ? 0 : MAINTENANCE);
        reassess(num, at);
      };
      if (nums) for (const num of nums) ask(num);
      else for (let num = 0; num < columns.capacity; num++) ask(num);
    },
    scan(at) {
      if (overlaidBefore.size > 0 && hearing.hears()) {
        for (const num of overlaidBefore) if (columns.kind[num] !== 0) reassess(num, at);
        overlaidBefore.clear();
      }
      for (const num of older.expired()) if (columns.kind[num] !== 0) reassess(num, at);
      scanDue(at);
    },
    details: (num) => reports.get(num),
    olderSession: older.of,
    wasOutdated: older.heard,
    wasOverlaid: (num) => void overlaidBefore.add(num),
    forgetClients: (before) => reports.forgetClients(before),
    prune() {
      for (const num of reports.nums())
        if (columns.kind[num] === 0) {
          reports.drop(num);
          thresholds.forget(num);
        }
    },
  };
}
