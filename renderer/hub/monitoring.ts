import { useQuery } from '@tanstack/react-query';
import { Monitoring } from '../../main/contract/health.ts';
import { hubGet } from './client.ts';

export const monitoringKey = ['monitoring'] as const;

/** Are we blind? Fetched once, then kept by the event socket. */
export function useMonitoring() {
  return useQuery({
    queryKey: monitoringKey,
    queryFn: ({ signal }) => hubGet('/api/monitoring', Monitoring, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
}
