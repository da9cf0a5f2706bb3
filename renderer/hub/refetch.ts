import type { QueryClient, QueryKey } from '@tanstack/react-query';

/** Has the queries under a key fetched anew, no oftener than `pauseMs` allows. */
export type Refetch = (queryKey: QueryKey, pauseMs?: number) => void;

/**
 * What the hub says has changed is fetched one round at a time for each key, and once more for all that was said
 * meanwhile. An answer under way is never thrown away for a newer word: where the hub tells faster than it answers, in a
 * storm of incidents or on a slow line, none would ever be shown.
 */
export function createRefetch(client: Pick<QueryClient, 'invalidateQueries'>): Refetch {
  /** Keys that are being fetched, and whether they have changed since. */
  const rounds = new Map<string, boolean>();

  async function fetchRounds(name: string, queryKey: QueryKey, pauseMs: number): Promise<void> {
    do {
      rounds.set(name, false);
      await client.invalidateQueries({ queryKey });
      if (pauseMs > 0) await new Promise<void>((resolve) => setTimeout(resolve, pauseMs));
    } while (rounds.get(name));
    rounds.delete(name);
  }

  return (queryKey, pauseMs = 0) => {
    const name = JSON.stringify(queryKey);
    if (rounds.has(name)) rounds.set(name, true);
    else void fetchRounds(name, queryKey, pauseMs);
  };
}
