import { QueryCache, QueryClient } from '@tanstack/react-query';
import { HubError, isPassing } from './errors.ts';

/**
 * Answers are kept while they are shown; the event socket tells when they are stale, so nothing is polled and
 * nothing is asked anew for a mere change of window.
 * @param onSignedOut called when the hub no longer knows the session
 */
export function createQueryClient(onSignedOut: () => void): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({
      onError: (error) => {
        if (error instanceof HubError && error.status === 401) onSignedOut();
      },
    }),
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        refetchOnWindowFocus: false,
        retry: (failures, error) => isPassing(error) && failures < 2,
        retryDelay: (attempt) => Math.min(1000 * 2 ** attempt, 5000),
      },
      mutations: { retry: false },
    },
  });
}
