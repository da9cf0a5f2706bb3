import type { Client } from 'aedes';

/** Counts the filters that each connection has subscribed. */
export interface FilterLimit {
  /** False: it has as many as it may; one that it has already costs nothing. */
  take(client: Client, filter: string): boolean;
  gone(client: Client, filters: readonly string[]): void;
}

export function createFilterLimit(limit: number): FilterLimit {
  const taken = new WeakMap<Client, Set<string>>();
  return {
    take(client, filter) {
      const filters = taken.get(client) ?? new Set();
      if (!filters.has(filter) && filters.size >= limit) return false;
      taken.set(client, filters.add(filter));
      return true;
    },
    gone(client, filters) {
      for (const filter of filters) taken.get(client)?.delete(filter);
    },
  };
}
