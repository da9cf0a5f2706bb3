import { queryString } from '../hub/client.ts';

/** @param resolutionMs what is shorter cannot be seen and need not be told; 0 asks for all */
export const timelinePath = (cameraId: string, from: number, to: number, resolutionMs = 0): string =>
  `/api/video/${encodeURIComponent(cameraId)}/timeline${queryString({
    from: Math.max(0, Math.floor(from)),
    to: Math.ceil(to),
    resolutionMs: resolutionMs || undefined,
  })}`;
