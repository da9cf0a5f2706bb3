import { useMemo } from 'react';
import { useSearchParams } from 'wouter';
import { HealthStatus } from '../../main/contract/health.ts';
import type { ApFilter } from './rows.ts';

const NAMES = {
  text: 'q',
  statuses: 'status',
  areaId: 'area',
  firmware: 'firmware',
  configId: 'config',
} as const;

/** What the table is asked for, as its address has it: the way back and a link sent to a colleague both keep it. */
export function filterOf(search: URLSearchParams): ApFilter {
  return {
    text: search.get(NAMES.text) ?? '',
    statuses: search.getAll(NAMES.statuses).flatMap((text) => HealthStatus.safeParse(text).data ?? []),
    areaId: search.get(NAMES.areaId) ?? '',
    firmware: search.get(NAMES.firmware),
    configId: search.get(NAMES.configId),
  };
}

export function searchOf({ text, statuses, areaId, firmware, configId }: ApFilter): URLSearchParams {
  const search = new URLSearchParams();
  if (text) search.set(NAMES.text, text);
  for (const status of statuses) search.append(NAMES.statuses, status);
  if (areaId) search.set(NAMES.areaId, areaId);
  if (firmware !== null) search.set(NAMES.firmware, firmware);
  if (configId !== null) search.set(NAMES.configId, configId);
  return search;
}

export function useApFilter(): [ApFilter, (filter: ApFilter) => void] {
  const [search, setSearch] = useSearchParams();
  const filter = useMemo(() => filterOf(search), [search]);
  return [filter, (next) => setSearch(searchOf(next), { replace: true })];
}
