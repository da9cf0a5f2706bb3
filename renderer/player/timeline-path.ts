import { queryString } from '../hub/client.ts';

export const timelinePath = (cameraId: string, from: number, to: number): string =>
  `/api/video/${encodeURIComponent(cameraId)}/timeline${queryString({ from: Math.max(0, Math.floor(from)), to: Math.ceil(to) })}`;
