import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { z } from 'zod';
import { AccessPointRow } from '../../main/contract/health.ts';
import { hubGet } from '../hub/client.ts';
import { useAreas } from '../hub/devices.ts';
import { useStatuses } from '../hub/EventsProvider.tsx';
import { useLanguage } from '../i18n/useLanguage.ts';
import { type ApRow, withLiveStatuses } from './rows.ts';

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
    queryFn: ({ signal }) => hubGet('/api/wifi/access-points', z.array(AccessPointRow), signal),
    refetchInterval: RENEW_MS,
  });
  const names = useMemo(
    () => new Map(areas.data?.map((area) => [area.id, language === 'ru' ? area.nameRu : area.nameEn])),
    [areas.data, language],
  );
  const named = useMemo<readonly ApRow[]>(
    () =>
      query.data?.map((row) => ({
        ...row,
        okrug: names.get(row.okrugId) ?? row.okrugId,
        district: names.get(row.districtId) ?? row.districtId,
      })) ?? noRows,
    [query.data, names],
  );
  const statuses = useStatuses();
  const tick = useStatusTick(named);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the tick says that the store holds something new
  const rows = useMemo(() => withLiveStatuses(named, (num) => statuses.get(num)), [named, statuses, tick]);
  return { query, rows, areas: areas.data };
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
