import { type UseQueryResult, useQueries, useQuery, useQueryClient } from '@tanstack/react-query';
import { Device } from '../../main/contract/device.ts';
import { hubGet } from '../hub/client.ts';

const query = (cameraId: string) => ({
  queryKey: ['device', cameraId],
  queryFn: ({ signal }: { signal: AbortSignal }) =>
    hubGet(`/api/devices/${encodeURIComponent(cameraId)}`, Device, signal),
});

/** The chosen camera; nothing is asked while none is. */
export const useCamera = (cameraId: string) => useQuery({ ...query(cameraId), enabled: cameraId !== '' });

interface NamedCamera {
  id: string;
  name: string;
}

/** The chosen cameras, in their order; one that cannot be had does not keep the others from being seen. */
export function useCameras(cameraIds: readonly string[]) {
  const client = useQueryClient();
  const { found, error, pending } = useQueries({ queries: cameraIds.map(query), combine });
  const retry = () => void client.invalidateQueries({ queryKey: ['device'] });
  return { found, error, pending, retry };
}

function combine(results: readonly UseQueryResult<Device>[]) {
  return {
    found: results.flatMap<NamedCamera>(({ data }) => (data ? [{ id: data.id, name: data.name }] : [])),
    error: results.find(({ isError }) => isError)?.error ?? null,
    pending: results.some(({ isPending }) => isPending),
  };
}
