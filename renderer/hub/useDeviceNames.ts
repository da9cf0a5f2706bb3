import { useQueries } from '@tanstack/react-query';
import { Device } from '../../main/contract/device.ts';
import { hubGet } from './client.ts';

/** Names of devices; what is not known (yet, or to this person) is called by its id. */
export function useDeviceNames(ids: readonly string[]): (id: string) => string {
  return useQueries({
    queries: ids.map((id) => ({
      queryKey: ['device', id],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        hubGet(`/api/devices/${encodeURIComponent(id)}`, Device, signal),
      staleTime: 300_000,
      retry: false,
    })),
    combine: (results) => {
      const names = new Map(results.flatMap(({ data }) => (data ? [[data.id, data.name] as const] : [])));
      return (id: string) => names.get(id) ?? id;
    },
  });
}
