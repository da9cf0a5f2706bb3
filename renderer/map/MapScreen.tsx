import 'leaflet/dist/leaflet.css';
import { ActionIcon, Button, Paper, Text, Tooltip } from '@mantine/core';
import { IconBroadcast, IconMarquee2, IconMinus, IconPlus } from '@tabler/icons-react';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { DeviceCard } from '../device/DeviceCard.tsx';
import { DeviceEditor } from '../device/DeviceEditor.tsx';
import type { PlaceDraft } from '../device/device-form.ts';
import { ImportDialog } from '../device/ImportDialog.tsx';
import { statusesUnknown } from '../hub/blindness.ts';
import { useAreas, useDevice } from '../hub/devices.ts';
import { useSession } from '../hub/session.tsx';
import { useBlindness } from '../hub/useBlindness.ts';
import { ErrorState, Loading } from '../ui/states.tsx';
import { useFormat } from '../ui/useFormat.ts';
import { AreaChoice } from './AreaChoice.tsx';
import { COVERAGE_ZOOM } from './canvas/draw-coverage.ts';
import type { Hit, Place } from './city-map.ts';
import { CoverageLegend } from './coverage/CoverageLegend.tsx';
import { useCoverage } from './coverage/useCoverage.ts';
import { DeviceList } from './DeviceList.tsx';
import { SINGLE_ZOOM } from './engine/city-index.ts';
import { HitChooser } from './HitChooser.tsx';
import classes from './Map.module.css';
import { MapBar } from './MapBar.tsx';
import { MapTooltip } from './MapTooltip.tsx';
import { useCityMap } from './useCityMap.ts';
import { useCityPart } from './useCityPart.ts';
import { useCity, useMapEngine } from './useMapEngine.ts';
import { useMapSearch } from './useMapSearch.ts';
import { useOpenByNum } from './useOpenByNum.ts';
import { useRectangle } from './useRectangle.ts';

/** The whole city at once, and whatever is known of one device in it. */
export default function MapScreen() {
  const { t } = useTranslation('map');
  const format = useFormat();
  const [search, change] = useMapSearch();
  const engine = useMapEngine(search);
  const areas = useAreas();
  const { blind } = useBlindness();
  const { part, ready } = useCityPart(search, areas.data);
  const city = useCity(ready ? engine : null, part);
  const container = useRef<HTMLDivElement>(null);
  const [chooser, setChooser] = useState<{ nums: number[]; x: number; y: number } | null>(null);
  const [importing, setImporting] = useState(false);
  const [draft, setDraft] = useState<PlaceDraft | null>(null);
  const editing = search.panel === 'edit' || search.panel === 'new';
  const chosen = useDevice(search.device);

  const open = useCallback(
    (device: string) => {
      setChooser(null);
      change({ device, panel: 'card' });
    },
    [change],
  );
  const close = useCallback(() => change({ device: null, panel: null }), [change]);
  const openByNum = useOpenByNum(open);

  const onPick = (hits: readonly Hit[], place: Place) => {
    setChooser(null);
    if (editing) {
      setDraft((before) => ({ azimuthDeg: before?.azimuthDeg ?? null, ...place }));
      return;
    }
    const [first] = hits;
    if (!first) return;
    if (first.item.type === 'cluster') {
      const { id, lat, lon } = first.item;
      void engine?.expansionZoom(id).then((to) => map?.flyTo({ lat, lon }, Math.min(to, SINGLE_ZOOM)));
      return;
    }
    const nums = hits.flatMap(({ item }) => (item.type === 'device' ? [item.num] : []));
    if (nums.length > 1) setChooser({ nums: nums.slice(0, 50), x: first.x, y: first.y });
    else openByNum(first.item.num);
  };
  const { can } = useSession();
  const seesWifi = can('wifi.view');
  const coverage = useCoverage(seesWifi ? search.coverage : null);
  const selected = search.device && chosen.data && !editing ? chosen.data : null;
  const { map, hover, zoom } = useCityMap(container, {
    engine,
    selected,
    coverage: coverage.discs,
    draft: editing ? draft : null,
    onPick,
  });

  const watches = can('video.live') || can('video.archive');
  const rectangle = useRectangle(container, map, watches && !editing);

  // A link or a search leads to the device; a click on it does not move the map that it was made on.
  const flownTo = useRef<string | null>(null);
  useEffect(() => {
    if (!map || !chosen.data || flownTo.current === chosen.data.id) return;
    flownTo.current = chosen.data.id;
    if (!map.shows(chosen.data)) map.flyTo(chosen.data, SINGLE_ZOOM);
  }, [map, chosen.data]);
  const area = areas.data?.find(({ id }) => id === search.area);
  useEffect(() => {
    if (map && area) map.flyTo(area, area.level === 'okrug' ? 12 : 14);
  }, [map, area]);
  useEffect(() => {
    if (!editing) setDraft(null);
  }, [editing]);

  return (
    <div className={classes.screen}>
      <div className={classes.stage} data-covered={search.panel !== null || undefined}>
        <div
          ref={container}
          className={classes.canvas}
          role="application"
          aria-label={t('map')}
          data-choosing={editing || rectangle.armed || undefined}
          data-unknown={statusesUnknown(blind) || undefined}
        />
        <MapBar search={search} change={change} onImport={() => setImporting(true)} />
        {hover && !chooser && !rectangle.drawn && <MapTooltip hit={hover} />}
        {chooser && <HitChooser {...chooser} onOpen={open} onClose={() => setChooser(null)} />}
        {rectangle.drawn && <div className={classes.rectangle} style={rectangle.drawn} />}
        {rectangle.box && engine && (
          <AreaChoice
            key={rectangle.box.join()}
            engine={engine}
            box={rectangle.box}
            onClose={rectangle.clear}
          />
        )}
        {rectangle.armed && (
          <Paper className={classes.notice} withBorder shadow="md" role="status">
            <Text size="sm">{t('area.draw')}</Text>
            <Button size="compact-sm" variant="light" mt={4} onClick={rectangle.takeView}>
              {t('area.view')}
            </Button>
          </Paper>
        )}
        {seesWifi && search.coverage && (
          <CoverageLegend
            band={search.coverage}
            coverage={coverage}
            covered={search.panel !== null}
            onBand={(band) => change({ coverage: band })}
            onNearer={zoom < COVERAGE_ZOOM ? () => map?.zoomBy(COVERAGE_ZOOM + 1 - zoom) : null}
            onClose={() => change({ coverage: null })}
          />
        )}
        <div className={classes.tools}>
          {seesWifi && (
            <Tooltip label={t('coverage.tool')} position="left">
              <ActionIcon
                variant={search.coverage ? 'filled' : 'default'}
                size={34}
                aria-pressed={search.coverage !== null}
                aria-label={t('coverage.tool')}
                onClick={() => change({ coverage: search.coverage ? null : '5' })}
              >
                <IconBroadcast size={18} />
              </ActionIcon>
            </Tooltip>
          )}
          {watches && (
            <Tooltip label={t('area.tool')} position="left">
              <ActionIcon
                variant={rectangle.armed ? 'filled' : 'default'}
                size={34}
                aria-pressed={rectangle.armed}
                aria-label={t('area.tool')}
                onClick={() => rectangle.arm(!rectangle.armed)}
              >
                <IconMarquee2 size={18} />
              </ActionIcon>
            </Tooltip>
          )}
          <ActionIcon.Group orientation="vertical">
            <ActionIcon variant="default" size={34} onClick={() => map?.zoomBy(1)} aria-label={t('zoom-in')}>
              <IconPlus size={18} />
            </ActionIcon>
            <ActionIcon
              variant="default"
              size={34}
              onClick={() => map?.zoomBy(-1)}
              aria-label={t('zoom-out')}
            >
              <IconMinus size={18} />
            </ActionIcon>
          </ActionIcon.Group>
        </div>
        {city.isError && (
          <Paper className={classes.notice} withBorder shadow="md">
            <ErrorState error={city.error} retry={() => void city.refetch()} compact>
              {city.data ? t('stale') : t('no-city')}
            </ErrorState>
          </Paper>
        )}
        {city.isPending && !city.isError && (
          <div className={classes.notice}>
            <Loading label={t('loading')} />
          </div>
        )}
        {city.data === 0 && (
          <Paper className={classes.notice} withBorder shadow="md">
            {part.okrug || part.district || part.group ? t('empty-filter') : t('empty')}
          </Paper>
        )}
        <div className="visually-hidden" role="status">
          {city.data ? t('devices', { count: city.data, shown: format.number(city.data) }) : ''}
        </div>
      </div>
      {search.panel === 'card' && search.device && (
        <DeviceCard
          id={search.device}
          onClose={close}
          onEdit={() => change({ panel: 'edit' })}
          onOpen={open}
          onShow={(place) => map?.flyTo(place, SINGLE_ZOOM)}
        />
      )}
      {editing && (
        <DeviceEditor
          key={search.panel === 'edit' ? search.device : ''}
          id={search.panel === 'edit' ? search.device : null}
          place={draft}
          onPlace={setDraft}
          onShow={(place) => map?.flyTo(place, SINGLE_ZOOM)}
          onDone={(id) => (id ? open(id) : close())}
        />
      )}
      {search.panel === 'list' && engine && map && (
        <DeviceList engine={engine} map={map} onOpen={open} onClose={close} />
      )}
      {importing && <ImportDialog onClose={() => setImporting(false)} />}
    </div>
  );
}
