import { type StreamProblemCode, StreamStatus } from '../../main/contract/video.ts';
import { hubGet } from '../hub/client.ts';

/** What the hub knows to be wrong with a camera's stream now; null when it runs. @throws HubError */
export async function streamReason(cameraId: string, signal: AbortSignal): Promise<StreamProblemCode | null> {
  const status = await hubGet(`/api/video/${encodeURIComponent(cameraId)}/status`, StreamStatus, signal);
  return status.state === 'running' ? null : (status.problem?.code ?? null);
}
