import { useMemo } from 'react';
import type { Area } from '../../main/contract/device.ts';
import type { MapSearch } from './map-search.ts';
import type { CityPart } from './useMapEngine.ts';

/** Which part of the city is asked for. Not ready while it is unknown whether the area is an okrug or a district. */
export function useCityPart(
  { area, group }: Pick<MapSearch, 'area' | 'group'>,
  areas: readonly Area[] | undefined,
): { part: CityPart; ready: boolean } {
  return useMemo(() => {
    const known = areas?.find(({ id }) => id === area);
    return {
      part: { ...(known ? { [known.level]: known.id } : {}), ...(group ? { group } : {}) },
      ready: area === null || areas !== undefined,
    };
  }, [area, group, areas]);
}
