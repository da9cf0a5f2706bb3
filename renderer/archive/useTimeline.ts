import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Timelines } from '../../main/contract/timeline.ts';
import { hubGet, queryString } from '../hub/client.ts';
import type { View } from './timeline-view.ts';

const RENEW_MS = 5000;
/** As fine as any screen is wide: the view is a quarter of what is asked for, at least. */
const STEPS = 16_384;
const MOST_RESOLUTION_MS = 3_600_000;

/** The range to ask for: on a coarse grid around the view, so that panning and zooming do not ask at every pixel. */
export function askedRange(view: View): View {
  const span = 2 ** Math.ceil(Math.log2(view.to - view.from));
  const from = Math.max(0, Math.floor(view.from / span) * span);
  return { from, to: from + 2 * span };
}

/** What of the view is recorded and marked. Renewed while the view reaches to now, where the recording grows. */
export function useTimelines(cameraIds: readonly string[], view: View) {
  const { from, to } = askedRange(view);
  const ids = cameraIds.join();
  const resolutionMs = Math.min(MOST_RESOLUTION_MS, Math.floor((to - from) / STEPS));
  return useQuery({
    queryKey: ['timeline', ids, from, to],
    queryFn: ({ signal }) =>
      hubGet(`/api/video/timelines${queryString({ ids, from, to, resolutionMs })}`, Timelines, signal),
    placeholderData: keepPreviousData,
    refetchInterval: () => (to >= Date.now() - RENEW_MS ? RENEW_MS : false),
    staleTime: RENEW_MS,
  });
}
