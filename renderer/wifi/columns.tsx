import type { ReactNode } from 'react';
import { AirtimeBar } from '../ui/AirtimeBar.tsx';
import { statusLooks } from '../ui/status-look.ts';
import { AvailabilityCell, NoShareCell, StatusCell } from './cells.tsx';
import type { ApRow } from './rows.ts';
import type { Words } from './words.ts';

export type ColumnId =
  | 'status'
  | 'since'
  | 'reason'
  | 'name'
  | 'address'
  | 'district'
  | 'clients'
  | 'utilisation'
  | 'day'
  | 'month'
  | 'noise'
  | 'channels'
  | 'firmware'
  | 'config'
  | 'uptime'
  | 'lastSeen'
  | 'model'
  | 'owner'
  | 'contractor'
  | 'parent'
  | 'id';

export interface ApColumn {
  id: ColumnId;
  /** Width in px; what is left over goes to the name. */
  width: number;
  /** Shown until the person chooses otherwise: in any case, or where there is room for it. */
  shown: 'always' | 'room' | 'chosen';
  numeric?: boolean;
  /** So narrow that its heading is only read aloud. */
  bare?: boolean;
  /** A reading of the point's own, old when the point is gone. */
  reading?: boolean;
  /** What is worst here, and comes first at the first click, is the least of the numbers. */
  worst?: 'least';
  /** What it is sorted by; undefined stands last. */
  key: (row: ApRow) => string | number | undefined;
  cell: (row: ApRow, words: Words) => ReactNode;
  /** For the CSV file, where it is not the key. */
  csv?: (row: ApRow, words: Words) => string | number | null;
  /** A moment, UTC ms: the CSV file has it in the city's time. */
  moment?: (row: ApRow) => number | null;
}

/** Rounded down, so that a minute's outage never shows as 100 %. */
const hundredths = (share: number): number => Math.floor(share * 10_000 + 1e-6) / 100;

const share = (id: 'day' | 'month'): ApColumn => ({
  id,
  width: 84,
  shown: 'room',
  numeric: true,
  worst: 'least',
  key: (row) => row[id] ?? undefined,
  cell: (row, { t, format }) => {
    const value = row[id];
    return value === null ? (
      <NoShareCell why={t('too-little')} />
    ) : (
      <AvailabilityCell share={value} text={t('percent', { value: format.number(hundredths(value), 2) })} />
    );
  },
  csv: (row) => {
    const value = row[id];
    return value === null ? null : hundredths(value);
  },
});

/** Everything that the table can show of an access point. */
export const columns: readonly ApColumn[] = [
  {
    id: 'status',
    width: 184,
    shown: 'always',
    worst: 'least',
    key: (row) => statusLooks[row.status].rank,
    cell: (row, words) => <StatusCell status={row.status} words={words} />,
    csv: (row, { t }) => t(`common:status.${row.status}`),
  },
  {
    id: 'since',
    width: 112,
    shown: 'room',
    key: (row) => row.since ?? undefined,
    cell: (row, { format, now }) => row.since !== null && format.ago(Math.max(0, now - row.since)),
    moment: (row) => row.since,
  },
  { id: 'name', width: 296, shown: 'always', key: (row) => row.name, cell: (row) => row.name },
  // Names are mostly made of it, and the search knows it: shown by choice.
  { id: 'address', width: 220, shown: 'chosen', key: (row) => row.address, cell: (row) => row.address },
  { id: 'district', width: 148, shown: 'room', key: (row) => row.district, cell: (row) => row.district },
  {
    id: 'clients',
    width: 86,
    shown: 'always',
    reading: true,
    numeric: true,
    key: (row) => row.clients ?? undefined,
    cell: (row, { format }) => row.clients !== null && format.number(row.clients),
  },
  {
    id: 'utilisation',
    width: 124,
    shown: 'room',
    reading: true,
    key: (row) => row.utilisation ?? undefined,
    cell: (row, { format }) =>
      row.utilisation !== null && (
        <AirtimeBar value={row.utilisation} text={format.percent(row.utilisation)} />
      ),
    csv: (row) => (row.utilisation === null ? null : Math.round(row.utilisation * 1000) / 10),
  },
  share('day'),
  share('month'),
  {
    id: 'noise',
    width: 90,
    shown: 'room',
    reading: true,
    numeric: true,
    key: (row) => row.noiseDbm ?? undefined,
    cell: (row, { format }) => row.noiseDbm !== null && format.number(row.noiseDbm),
  },
  {
    id: 'channels',
    width: 112,
    shown: 'room',
    key: (row) => row.channels || undefined,
    cell: (row, { format }) =>
      row.radios.map(({ band, channel }) => `${format.number(Number(band), 1)}:${channel}`).join(' '),
    // A spreadsheet would read 5:44 as a time of day.
    csv: ({ radios }, { t, format }) =>
      radios
        .map(({ band, channel }) => `${t('card.ghz', { band: format.number(Number(band), 1) })}: ${channel}`)
        .join(' / '),
  },
  {
    id: 'firmware',
    width: 110,
    shown: 'room',
    key: (row) => row.firmware ?? undefined,
    cell: (row) => row.firmware,
  },
  {
    id: 'config',
    width: 120,
    shown: 'chosen',
    key: (row) => row.configId ?? undefined,
    cell: (row) => row.configId,
  },
  {
    id: 'uptime',
    width: 100,
    shown: 'room',
    reading: true,
    key: (row) => row.uptimeS ?? undefined,
    cell: (row, { format }) => row.uptimeS !== null && format.duration(row.uptimeS * 1000),
  },
  {
    id: 'lastSeen',
    width: 140,
    shown: 'chosen',
    key: (row) => row.lastSeenAt ?? undefined,
    cell: (row, { format, now }) => row.lastSeenAt !== null && format.ago(Math.max(0, now - row.lastSeenAt)),
    moment: (row) => row.lastSeenAt,
  },
  {
    id: 'reason',
    width: 220,
    shown: 'chosen',
    key: (row) => row.reason,
    cell: (row, { t }) => t(`common:reason.${row.reason}`),
    csv: (row, { t }) => t(`common:reason.${row.reason}`),
  },
  { id: 'model', width: 140, shown: 'chosen', key: (row) => row.model, cell: (row) => row.model },
  { id: 'owner', width: 150, shown: 'chosen', key: (row) => row.owner, cell: (row) => row.owner },
  {
    id: 'contractor',
    width: 150,
    shown: 'chosen',
    key: (row) => row.contractor || undefined,
    cell: (row) => row.contractor,
  },
  {
    id: 'parent',
    width: 120,
    shown: 'chosen',
    key: (row) => row.parentId ?? undefined,
    cell: (row) => row.parentId,
  },
  { id: 'id', width: 120, shown: 'chosen', key: (row) => row.id, cell: (row) => row.id },
];

/** With this the sign, the name and the clients fit a telephone held upright. */
const NARROW_NAME_PX = 178;

/** On a telephone the sign alone must do; its word is read aloud and shown by a touch. */
const statusSign: ApColumn = {
  id: 'status',
  width: 44,
  shown: 'always',
  bare: true,
  key: (row) => statusLooks[row.status].rank,
  cell: (row, words) => <StatusCell status={row.status} words={words} bare />,
  csv: (row, { t }) => t(`common:status.${row.status}`),
};

export const isColumnId = (id: string): id is ColumnId => columns.some((column) => column.id === id);

/** Shown as long as there is room for them, the most wanted first. */
const WISHES: readonly ColumnId[] = [
  'since',
  'utilisation',
  'day',
  'channels',
  'district',
  'noise',
  'month',
  'uptime',
  'firmware',
];
/** What a table takes beside its columns, px: the ticks, its border, a scroll bar. */
const BESIDE_PX = 38 + 2 + 16;

/** The columns that fit side by side, none of them half out of sight. @param room the table's width, px */
function fitting(room: number): ReadonlySet<ColumnId> {
  const always = columns.filter(({ shown }) => shown === 'always');
  const fit = new Set(always.map(({ id }) => id));
  let left = room - BESIDE_PX - always.reduce((sum, { width }) => sum + width, 0);
  for (const wish of WISHES) {
    left -= columns.find(({ id }) => id === wish)?.width ?? 0;
    if (left < 0) break;
    fit.add(wish);
  }
  return fit;
}

/**
 * Which columns are shown: the person's choice, else what fits the screen.
 * @param room the table's width, px; null while it is not known
 */
export function shownColumns(
  chosen: readonly ColumnId[] | null,
  narrow: boolean,
  room: number | null,
): readonly ApColumn[] {
  const fit = fitting(narrow ? 0 : (room ?? 0));
  const wanted = columns.filter(({ id }) => (chosen ? chosen.includes(id) : fit.has(id)));
  if (!narrow) return wanted;
  return wanted.map((column) =>
    column.id === 'status'
      ? statusSign
      : column.id === 'name'
        ? { ...column, width: NARROW_NAME_PX }
        : column,
  );
}
