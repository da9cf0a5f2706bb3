import { useComputedColorScheme } from '@mantine/core';
import { type RefObject, useEffect, useMemo, useRef, useState } from 'react';
import { useSession } from '../hub/session.tsx';
import { useLanguage } from '../i18n/useLanguage.ts';
import { formatNumber } from '../ui/format.ts';
import { useStored } from '../ui/useStored.ts';
import { type CityMap, createCityMap, type Hit, type MapLook, type Place } from './city-map.ts';
import type { Disc } from './coverage/coverage.ts';
import type { MapEngine } from './engine/engine.ts';
import { readView, writeView } from './kept-view.ts';
import { tileUrlFault, tileUrlName } from './tile-url.ts';

interface CityMapUse {
  engine: MapEngine | null;
  selected: Place | null;
  coverage: readonly Disc[];
  draft: MapLook['draft'];
  onPick: (hits: readonly Hit[], place: Place) => void;
}

/** Puts the map into the container and keeps its look in step with theme, language and what is chosen. */
export function useCityMap(
  container: RefObject<HTMLDivElement | null>,
  { engine, selected, coverage, draft, onPick }: CityMapUse,
): { map: CityMap | null; hover: Hit | null; zoom: number } {
  const { city, person } = useSession();
  const scheme = useComputedColorScheme('dark');
  const { language } = useLanguage();
  const [storedTiles] = useStored(tileUrlName(person.id));
  const [map, setMap] = useState<CityMap | null>(null);
  const [hover, setHover] = useState<Hit | null>(null);
  const [zoom, setZoom] = useState(city.zoom);

  const look = useMemo<MapLook>(
    () => ({
      scheme,
      language,
      tileUrl: storedTiles !== null && tileUrlFault(storedTiles) === null ? storedTiles : null,
      format: (count) => formatNumber(count, language),
      selected,
      coverage,
      draft,
    }),
    [scheme, language, storedTiles, selected, coverage, draft],
  );
  const latest = useRef({ look, onPick });
  useEffect(() => {
    latest.current = { look, onPick };
  });

  useEffect(() => {
    if (!container.current || !engine) return;
    const start = readView(window.sessionStorage) ?? city;
    const made = createCityMap({
      container: container.current,
      engine,
      start,
      look: latest.current.look,
      onHover: setHover,
      onPick: (hits, place) => latest.current.onPick(hits, place),
      onMoved: (center, at) => {
        setZoom(at);
        writeView(window.sessionStorage, { ...center, zoom: at });
      },
    });
    setZoom(start.zoom);
    setMap(made);
    return () => {
      setMap(null);
      made.stop();
    };
  }, [container, engine, city]);

  useEffect(() => map?.setLook(look), [map, look]);
  return { map, hover, zoom };
}
