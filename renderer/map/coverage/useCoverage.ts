import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { AccessPointRows } from '../../../main/contract/health.ts';
import type { Band } from '../../../main/contract/radio-plan.ts';
import { hubGet } from '../../hub/client.ts';
import { type Coverage, coverageOf } from './coverage.ts';

/** Power and channel change seldom; which points are silent is on the map itself meanwhile. */
const RENEW_MS = 60_000;
const NOTHING: Coverage = { discs: [], untold: 0 };

export interface CoverageShown extends Coverage {
  pending: boolean;
  error: Error | null;
  retry: () => void;
}

/** The estimated coverage of all points that the person may see. @param band null asks nothing */
export function useCoverage(band: Band | null): CoverageShown {
  const query = useQuery({
    queryKey: ['devices', 'access-points'],
    queryFn: ({ signal }) => hubGet('/api/wifi/access-points', AccessPointRows, signal),
    refetchInterval: RENEW_MS,
    enabled: band !== null,
  });
  const { data, error, refetch } = query;
  const coverage = useMemo(() => (data && band ? coverageOf(data, band) : NOTHING), [data, band]);
  return { ...coverage, pending: query.isLoading, error, retry: () => void refetch() };
}
