import type { AccessPointRow, HealthStatus } from '../../main/contract/health.ts';
import { statusLooks } from '../ui/status-look.ts';

/** A row as it is shown: with the names of its areas, its availability and the newest status heard. */
export interface ApRow extends AccessPointRow {
  okrug: string;
  district: string;
  /** Share of the last 24 hours and 30 days in which it worked, 0 to 1; null while it is not known. */
  day: number | null;
  month: number | null;
  /** All that a search looks through, as `folded` makes it. */
  words: string;
}

export interface ApFilter {
  text: string;
  /** Empty is all. */
  statuses: readonly HealthStatus[];
  /** An okrug's or a district's id; empty is the whole city. */
  areaId: string;
  /** Exactly this version; empty is "never told"; null is any. */
  firmware: string | null;
  configId: string | null;
}

export const noFilter: ApFilter = { text: '', statuses: [], areaId: '', firmware: null, configId: null };

/** As people type: any case, ё = е. */
export const folded = (text: string): string => text.toLowerCase().replaceAll('ё', 'е');

export type RowExtras = Pick<ApRow, 'okrug' | 'district' | 'day' | 'month'>;

export const shownRow = (row: AccessPointRow, extras: RowExtras): ApRow => ({
  ...row,
  ...extras,
  words: folded(
    [
      ...[row.name, row.address, row.id, row.model, row.firmware ?? '', row.configId ?? '', row.owner],
      ...[extras.district, row.parentId ?? '', row.channels, row.contractor],
    ].join(' '),
  ),
});

/** Orders texts as people do: 2 before 10, ё with е, case aside; made once a row, then compared as plain text. */
export const naturalKey = (text: string): string =>
  folded(text).replace(/\d+/g, (digits) => digits.padStart(12, '0'));

/** The rows that fit: every word of the text stands somewhere in the row. */
export function filterRows(rows: readonly ApRow[], filter: ApFilter): ApRow[] {
  const { text, statuses, areaId, firmware, configId } = filter;
  const words = folded(text).split(/\s+/).filter(Boolean);
  const wanted = new Set(statuses);
  return rows.filter((row) => {
    if (wanted.size > 0 && !wanted.has(row.status)) return false;
    if (areaId && row.okrugId !== areaId && row.districtId !== areaId) return false;
    if (firmware !== null && (row.firmware ?? '') !== firmware) return false;
    if (configId !== null && (row.configId ?? '') !== configId) return false;
    return words.every((word) => row.words.includes(word));
  });
}

/** Takes the newest status of each row; the very array when nothing changed, so that nothing is drawn anew. */
export function withLiveStatuses(
  rows: readonly ApRow[],
  heard: (num: number) => { status: HealthStatus; since: number } | undefined,
): readonly ApRow[] {
  let changed = false;
  const merged = rows.map((row) => {
    const live = heard(row.num);
    if (!live || live.since < (row.since ?? 0) || (live.status === row.status && live.since === row.since))
      return row;
    changed = true;
    // Why it changed is fetched with the next answer; an old reason would be a false one.
    return { ...row, status: live.status, since: live.since, reason: 'none' as const };
  });
  return changed ? merged : rows;
}

/** What an unreachable point said last is no longer so; it is shown, but not as if it were now. */
export const isStale = ({ status }: Pick<ApRow, 'status'>): boolean =>
  status === 'offline' || status === 'never-seen';

export interface ApSummary {
  /** Only those that occur, the worst first. */
  statuses: { status: HealthStatus; count: number }[];
  clients: number;
}

export function summarise(rows: readonly ApRow[]): ApSummary {
  const counts = new Map<HealthStatus, number>();
  let clients = 0;
  for (const row of rows) {
    counts.set(row.status, (counts.get(row.status) ?? 0) + 1);
    if (!isStale(row)) clients += row.clients ?? 0;
  }
  const statuses = [...counts]
    .map(([status, count]) => ({ status, count }))
    .sort((a, b) => statusLooks[a.status].rank - statusLooks[b.status].rank);
  return { statuses, clients };
}
