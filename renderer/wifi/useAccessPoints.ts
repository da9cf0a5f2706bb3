import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { type AccessPointRow, AccessPointRows } from '../../main/contract/health.ts';
import { AvailabilityShares, type ShareHours } from '../../main/contract/reports.ts';
import { hubGet } from '../hub/client.ts';
import { useAreas } from '../hub/devices.ts';
import { useStatuses } from '../hub/EventsProvider.tsx';
import { useLanguage } from '../i18n/useLanguage.ts';
import { type ApRow, shownRow, withLiveStatuses } from './rows.ts';

/** Clients and airtime change with every report; statuses come by themselves. */
const RENEW_MS = 20_000;
/** A storm of changes is drawn in steps. */
const DRAW_EVERY_MS = 250;

const noRows: readonly ApRow[] = [];

/** All access points that the person may see, with the newest status of each. */
export function useAccessPoints() {
  const { language } = useLanguage();
  const areas = useAreas();
  const query = useQuery({
    queryKey: ['devices', 'access-points'],
    queryFn: ({ signal }) => hubGet('/api/wifi/access-points', AccessPointRows, signal),
    refetchInterval: RENEW_MS,
  });
  const names = useMemo(
    () => new Map(areas.data?.map((area) => [area.id, language === 'ru' ? area.nameRu : area.nameEn])),
    [areas.data, language],
  );
  const day = useShares(24);
  const month = useShares(720);
  // A row that is as before stays the same object: only what changed is drawn anew.
  const made = useMemo(() => ({ names, rows: new WeakMap<AccessPointRow, ApRow>() }), [names]);
  const named = useMemo<readonly ApRow[]>(
    () =>
      query.data?.map((row) => {
        const shares = { day: day?.[row.id] ?? null, month: month?.[row.id] ?? null };
        const before = made.rows.get(row);
        if (before && before.day === shares.day && before.month === shares.month) return before;
        const okrug = made.names.get(row.okrugId) ?? row.okrugId;
        const district = made.names.get(row.districtId) ?? row.districtId;
        const fresh = shownRow(row, { ...shares, okrug, district });
        made.rows.set(row, fresh);
        return fresh;
      }) ?? noRows,
    [query.data, made, day, month],
  );
  const statuses = useStatuses();
  const tick = useStatusTick(named);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the tick says that the store holds something new
  const rows = useMemo(() => withLiveStatuses(named, (num) => statuses.get(num)), [named, statuses, tick]);
  return { query, rows, areas: areas.data };
}

/** The hub reckons these anew once a minute at most. */
const SHARES_MS = 60_000;

/** How much of the last hours each point worked; undefined until it is known. The table does without meanwhile. */
function useShares(hours: ShareHours): AvailabilityShares['shares'] | undefined {
  return useQuery({
    queryKey: ['devices', 'availability', hours],
    queryFn: ({ signal }) => hubGet(`/api/availability?kind=ap&hours=${hours}`, AvailabilityShares, signal),
    refetchInterval: SHARES_MS,
    select: ({ shares }) => shares,
  }).data;
}

/** Rises, at most four times a second, when a status of one of the rows was heard. */
function useStatusTick(rows: readonly ApRow[]): number {
  const statuses = useStatuses();
  const [tick, setTick] = useState(0);
  useEffect(() => {
    const shown = new Set(rows.map(({ num }) => num));
    let timer: ReturnType<typeof setTimeout> | undefined;
    const end = statuses.subscribe((changes) => {
      if (timer !== undefined || !changes.some(([num]) => shown.has(num))) return;
      timer = setTimeout(() => {
        timer = undefined;
        setTick((before) => before + 1);
      }, DRAW_EVERY_MS);
    });
    return () => {
      clearTimeout(timer);
      end();
    };
  }, [statuses, rows]);
  return tick;
}
