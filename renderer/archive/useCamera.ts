import { useQuery } from '@tanstack/react-query';
import { Device } from '../../main/contract/device.ts';
import { hubGet } from '../hub/client.ts';

/** The chosen camera; nothing is asked while none is. */
export function useCamera(cameraId: string) {
  return useQuery({
    queryKey: ['device', cameraId],
    queryFn: ({ signal }) => hubGet(`/api/devices/${encodeURIComponent(cameraId)}`, Device, signal),
    enabled: cameraId !== '',
  });
}
