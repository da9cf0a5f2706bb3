import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'wouter';
import { type MapSearch, readMapSearch, writeMapSearch } from './map-search.ts';

/** The map's address, and how to change parts of it. Opening a card can be gone back from; a filter replaces. */
export function useMapSearch(): [MapSearch, (change: Partial<MapSearch>) => void] {
  const [params, setParams] = useSearchParams();
  const search = useMemo(() => readMapSearch(params), [params]);
  const change = useCallback(
    (part: Partial<MapSearch>) =>
      setParams((before) => writeMapSearch({ ...readMapSearch(before), ...part }), {
        replace: !('panel' in part),
      }),
    [setParams],
  );
  return [search, change];
}
