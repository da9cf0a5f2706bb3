import { hash } from 'node:crypto';
import type { DeviceRecord } from '../../devices/types.ts';
import { type Columns, NO_HEARTBEAT_MS } from '../columns.ts';
import { GONE_BY_WILL, GONE_SILENT } from '../evidence.ts';
import type { Hearing } from '../hearing.ts';
import { checkEvent, checkState, type Refused } from '../payloads.ts';
import type { EventRow } from '../store.ts';
import type { Receipt, Tracker } from '../tracker.ts';
import { createAvailability } from './availability.ts';
import type { Finding } from './dialect.ts';
import type { Opened } from './dialects.ts';
import { createNodes } from './nodes.ts';

/** `bdSeq` counts so far. */
const RUNS = 256;

type Known = Pick<DeviceRecord, 'num' | 'id'>;

/** A message of another dialect, read. */
export interface Read {
  opened: Opened;
  findings: readonly Finding[];
  receipt: Receipt;
  /** The topic as it came: part of an event's identity. */
  topic: string;
  /** Evidence of malformed messages of this channel, settled by this sound one. */
  healed: number;
}

/**
 * Applies what other dialects say to the tracker, whose rules want a session and a number in it. A dialect without
 * them counts by arrival: every message is the next of the session that the device is in, so that a device may speak
 * ours beside it. Sparkplug's `bdSeq` is kept as the session's remainder by 256, so that it outlives the hub.
 */
export interface Applier {
  /** How often a device of this dialect is to be heard; before anything of its first message counts. */
  rhythm(num: number, opened: Opened): void;
  /** @returns why a finding is refused; undefined when all count */
  apply(device: DeviceRecord | undefined, read: Read): Refused | undefined;
}

export function createApplier(options: {
  columns: Columns;
  tracker: Tracker;
  hearing: Pick<Hearing, 'resumedAt'>;
  event(row: EventRow): void;
}): Applier {
  const { columns, tracker, hearing } = options;
  const nodes = createNodes(hearing.resumedAt);
  const availability = createAvailability();
  /** What devices last said that is told only when it changes, by device number and type. */
  const standing = new Map<number, Map<string, string>>();

  const sessionOf = (num: number): number => {
    const session = columns.session[num] ?? Number.NaN;
    return Number.isNaN(session) ? 1 : session;
  };
  const isNew = (num: number): boolean => Number.isNaN(columns.session[num] ?? Number.NaN);
  const diedLast = (num: number): boolean =>
    ((columns.flags[num] ?? 0) & GONE_BY_WILL) !== 0 || !Number.isNaN(columns.willAt[num] ?? Number.NaN);
  const isGone = (num: number): boolean => diedLast(num) || ((columns.flags[num] ?? 0) & GONE_SILENT) !== 0;

  /** The next session whose remainder is `run`; the live one where it is. */
  function sessionOfRun(num: number, run: number): number {
    const current = columns.session[num] ?? Number.NaN;
    if (Number.isNaN(current)) return run;
    return current + ((((run - current) % RUNS) + RUNS) % RUNS);
  }

  function birth(device: Known, run: number | undefined, { opened, receipt }: Read): void {
    const { num, id } = device;
    if (isGone(num) && opened.heartbeatMs === null) tracker.rhythm(num, NO_HEARTBEAT_MS);
    // The broker's memory of a birth brings a device back from its death, never from its silence.
    if (receipt.retained && diedLast(num)) {
      tracker.returned(num, receipt);
      return;
    }
    const session = run === undefined ? sessionOf(num) : sessionOfRun(num, run);
    tracker.status(num, { v: 1, id, online: true, session }, receipt);
  }

  function death(num: number, session: number, receipt: Receipt): void {
    tracker.status(num, { v: 1, id: '', online: false, session }, receipt);
  }

  /** One of several topics that together say of a device, or a bridge of several, whether they are there. */
  function part(device: DeviceRecord | undefined, finding: Finding & { kind: 'part' }, read: Read): void {
    for (const { device: told, up } of availability.told(read.opened.dialect, device, finding)) {
      // Removed from the registry meanwhile.
      if (columns.kind[told.num] === 0) continue;
      if (up) birth(told, undefined, read);
      else death(told.num, sessionOf(told.num), read.receipt);
    }
  }

  /** A numbered death: of the node's own connection, so of all that speak through it. */
  function nodeDeath(device: DeviceRecord | undefined, key: string, run: number, receipt: Receipt): void {
    const gone = nodes.died(key, run);
    if (!gone) return;
    for (const num of gone.nums) death(num, sessionOf(num), receipt);
    if (!device) return;
    const session = gone.paired || isNew(device.num) ? sessionOf(device.num) : sessionOfRun(device.num, run);
    // Unpaired, the hub may have missed a birth; half the circle back is an older connection (RFC 1982).
    if (session - sessionOf(device.num) < RUNS / 2) death(device.num, session, receipt);
  }

  function state(device: DeviceRecord, finding: Finding & { kind: 'state' }, receipt: Receipt) {
    const { num, id, kind } = device;
    const seq = columns.seq[num] ?? Number.NaN;
    const report = checkState(kind, {
      ...finding.fields,
      ...{ v: 1, id, session: sessionOf(num), seq: Number.isNaN(seq) ? 1 : seq + 1 },
      ts: finding.at ?? receipt.rxAt,
    });
    if (!report.ok) return report;
    tracker.state(num, report.value, receipt);
    return undefined;
  }

  function event(
    device: DeviceRecord,
    finding: Finding & { kind: 'event' },
    { topic, receipt, healed }: Read,
  ) {
    const { num, id } = device;
    const { at, type, severity, source, data } = finding;
    const ts = at ?? receipt.rxAt;
    const event = checkEvent({ v: 1, id, session: 0, seq: 0, ts, type, severity, source, data });
    if (!event.ok) return event;
    tracker.spoke(num, sessionOf(num), receipt, healed);
    if (finding.standing !== undefined && !changed(num, type, finding.standing, severity)) return undefined;
    // Without a time of its own, what the broker kept may have been told already.
    if (receipt.retained && at === null) return undefined;
    const body = JSON.stringify({ source, data });
    options.event({
      num,
      at: receipt.retained ? Math.min(ts, receipt.rxAt) : receipt.rxAt,
      session: 0,
      // The same topic, content and time is the same event, however often a broker delivers it.
      seq: Number.parseInt(hash('sha256', `${topic}\n${body}`, 'hex').slice(0, 12), 16),
      ...{ ts, type, severity, body },
    });
    return undefined;
  }

  function changed(num: number, type: string, value: string, severity: string): boolean {
    const said = standing.get(num) ?? new Map<string, string>();
    const before = said.get(type);
    standing.set(num, said.set(type, value));
    return before === undefined ? severity !== 'info' : before !== value;
  }

  function one(device: DeviceRecord, finding: Finding, read: Read): Refused | undefined {
    const { num } = device;
    switch (finding.kind) {
      case 'birth':
        birth(device, finding.run, read);
        return undefined;
      case 'death':
        death(num, sessionOf(num), read.receipt);
        return undefined;
      case 'part':
        part(device, finding, read);
        return undefined;
      case 'contact':
        tracker.spoke(num, sessionOf(num), read.receipt, read.healed);
        return undefined;
      case 'state':
        return state(device, finding, read.receipt);
      case 'event':
        return event(device, finding, read);
    }
  }

  return {
    rhythm(num, { heartbeatMs }) {
      if (heartbeatMs !== null) tracker.rhythm(num, heartbeatMs);
      else if (isNew(num)) tracker.rhythm(num, NO_HEARTBEAT_MS);
    },
    apply(device, read) {
      const { opened, receipt } = read;
      const { node } = opened.address;
      const key = node === undefined ? undefined : `${opened.dialect.name} ${node.key}`;
      if (key !== undefined && device && !node?.forItself) nodes.attach(key, device.num);
      for (const finding of read.findings) {
        const run = finding.kind === 'birth' || finding.kind === 'death' ? finding.run : undefined;
        if (key !== undefined && run !== undefined) {
          // Births and deaths of nodes are never retained by their standard; a kept one is old.
          if (receipt.retained) return undefined;
          if (finding.kind === 'death') {
            nodeDeath(device, key, run, receipt);
            continue;
          }
          nodes.born(key, run);
        }
        if (!device && finding.kind === 'part') part(device, finding, read);
        const refused = device && one(device, finding, read);
        if (refused !== undefined) return refused;
      }
      return undefined;
    },
  };
}
