import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { DeviceKinds } from '../../main/contract/device.ts';
import { HealthStatuses } from '../../main/contract/health.ts';
import { hubBytes, queryString } from '../hub/client.ts';
import { useStatuses } from '../hub/EventsProvider.tsx';
import { createMapEngine, type MapEngine, startCityWorker } from './engine/engine.ts';
import type { MapSearch } from './map-search.ts';

/** The city's worker, fed by the event socket for as long as the map is shown. */
export function useMapEngine(search: Pick<MapSearch, 'kinds' | 'statuses'>): MapEngine | null {
  const statuses = useStatuses();
  const [engine, setEngine] = useState<MapEngine | null>(null);
  useEffect(() => {
    const started = createMapEngine(startCityWorker(), String(performance.now()));
    const leave = statuses.subscribe((changes) =>
      started.setStatuses(changes.map(([num, status]) => [num, status] as const)),
    );
    setEngine(started);
    return () => {
      leave();
      started.stop();
    };
  }, [statuses]);

  const kinds = search.kinds.map((kind) => DeviceKinds.indexOf(kind)).join();
  const shown = search.statuses.map((status) => HealthStatuses.indexOf(status)).join();
  useEffect(() => {
    const numbers = (text: string) => (text === '' ? [] : text.split(',').map(Number));
    engine?.filter({ kinds: numbers(kinds), statuses: numbers(shown) });
  }, [engine, kinds, shown]);
  return engine;
}

/** Narrows the city on the hub's side. */
export interface CityPart {
  okrug?: string;
  district?: string;
  group?: string;
}

/** Fetches the city into the worker; again whenever the registry or the rights change. Says how many devices. */
export function useCity(engine: MapEngine | null, part: CityPart) {
  return useQuery({
    // The bytes live in this very worker: another one must fetch its own.
    queryKey: ['devices', 'map', part, engine?.key ?? ''],
    queryFn: async ({ signal }) => {
      if (!engine) return 0;
      engine.fetching();
      return engine.load(await hubBytes(`/api/map/devices${queryString({ ...part })}`, signal));
    },
    enabled: engine !== null,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
}
