import { useQueries, useQuery } from '@tanstack/react-query';
import { Device } from '../../main/contract/device.ts';
import { hubGet } from '../hub/client.ts';

const query = (cameraId: string) => ({
  queryKey: ['device', cameraId],
  queryFn: ({ signal }: { signal: AbortSignal }) =>
    hubGet(`/api/devices/${encodeURIComponent(cameraId)}`, Device, signal),
});

/** The chosen camera; nothing is asked while none is. */
export const useCamera = (cameraId: string) => useQuery({ ...query(cameraId), enabled: cameraId !== '' });

/** The chosen cameras, in their order. */
export const useCameras = (cameraIds: readonly string[]) => useQueries({ queries: cameraIds.map(query) });
