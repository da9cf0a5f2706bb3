import { useQuery } from '@tanstack/react-query';
import { PictureCheck } from '../../main/contract/pictures.ts';
import { hubFetch, hubGet, hubSend, NoAnswer } from './client.ts';

const path = (cameraId: string) => `/api/video/${encodeURIComponent(cameraId)}/picture-check`;

/** What looking at a camera's keyframes found; fetched anew with the rest of the camera. */
export function usePictureCheck(cameraId: string, enabled: boolean) {
  return useQuery({
    queryKey: ['device', cameraId, 'picture-check'],
    queryFn: ({ signal }) => hubGet(path(cameraId), PictureCheck, signal),
    enabled,
  });
}

/** The JPEG that a finding rests on. @throws HubError */
export async function thumbnailOf(cameraId: string, signal: AbortSignal): Promise<Blob> {
  return (await hubFetch(`${path(cameraId)}/thumbnail`, {}, signal)).blob();
}

/** Takes what the camera shows now for its usual view. @throws HubError */
export const acceptView = (cameraId: string) =>
  hubSend('POST', `${path(cameraId)}/accept`, undefined, NoAnswer);
