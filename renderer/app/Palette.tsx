import { Kbd, Loader, Text, UnstyledButton } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { type createSpotlight, Spotlight, useSpotlight } from '@mantine/spotlight';
import { IconLayoutGrid, IconMapPin, IconSearch } from '@tabler/icons-react';
import { type KeyboardEvent, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { useAreas, useDevices } from '../hub/devices.ts';
import { useSession } from '../hub/session.tsx';
import { useLanguage } from '../i18n/useLanguage.ts';
import { kindIcons } from '../ui/kind.tsx';
import { ErrorState } from '../ui/states.tsx';
import { StatusIcon } from '../ui/status.tsx';
import { useWalls } from '../wall/useWalls.ts';
import { wallPath } from '../wall/wall-address.ts';
import classes from './Frame.module.css';
import { matchingAreas, matchingNames } from './palette-areas.ts';
import { usePaletteActions } from './usePaletteActions.ts';

/** The palette's state and how to open it; one per frame. */
export type PaletteControl = ReturnType<typeof createSpotlight>;

/** The field in the header that opens the palette. */
export function PaletteButton({ control: [, palette] }: { control: PaletteControl }) {
  const { t } = useTranslation();
  return (
    <UnstyledButton className={classes.search} onClick={palette.open} aria-keyshortcuts="Control+K">
      <IconSearch size={16} aria-hidden style={{ flex: 'none' }} />
      <span className={classes.searchWords}>{t('palette.hint')}</span>
      <span className={classes.searchShort}>{t('search')}</span>
      <Kbd size="xs">Ctrl+K</Kbd>
    </UnstyledButton>
  );
}

/** One field for everything: devices by name, address, number or MAC, places, screens, actions. */
export function Palette({ control: [store] }: { control: PaletteControl }) {
  const { t } = useTranslation();
  const { language } = useLanguage();
  const { can } = useSession();
  const [, navigate] = useLocation();
  const [typed, setTyped] = useState('');
  const [asked] = useDebouncedValue(typed.trim(), 180);
  const seesDevices = can('device.view');
  const devices = useDevices({ q: asked, limit: 8, order: 'fit' }, seesDevices && asked !== '');
  const areas = useAreas();
  const actions = usePaletteActions();

  const found = asked === '' || !seesDevices ? [] : (devices.data?.items ?? []);
  const places =
    asked === '' || !seesDevices ? [] : matchingAreas(areas.data ?? [], asked, language).slice(0, 4);
  const doable = actions.filter(({ label }) => label.toLocaleLowerCase().includes(asked.toLocaleLowerCase()));
  const { opened, listId } = useSpotlight(store);
  const saved = useWalls(can('video.live') && opened);
  const walls = matchingNames(saved.data ?? [], asked).slice(0, 6);
  const openDevice = (id: string) => navigate(`/map?device=${encodeURIComponent(id)}`);
  const openWall = (id: string) => navigate(wallPath(id));
  const openArea = (id: string) => navigate(`/map?area=${encodeURIComponent(id)}`);
  const busy = typed.trim() !== asked || (devices.isFetching && asked !== '');

  const [hurried, setHurried] = useState(false);
  const hits = [...found, ...places, ...walls, ...doable].map(({ id }) => id).join(' ');

  // The library chooses the first row when a letter is typed; the answer to it brings other rows.
  // biome-ignore lint/correctness/useExhaustiveDependencies: `hits` stands for the rows, which live in the document
  useEffect(() => {
    if (!opened) setHurried(false);
    if (!opened || busy) return;
    const list = document.getElementById(listId);
    for (const row of list?.querySelectorAll('[data-selected]') ?? []) row.removeAttribute('data-selected');
    const first = list?.querySelector<HTMLElement>('[data-action]');
    first?.setAttribute('data-selected', 'true');
    store.updateState((state) => ({ ...state, selected: 0 }));
    if (hurried) first?.click();
    setHurried(false);
  }, [opened, busy, hits, listId, store]);

  /** Enter before the answer is there waits for it: the rows still shown answer another question. */
  const hurry = (event: KeyboardEvent) => {
    const enters = event.key === 'Enter';
    if (enters && busy) event.stopPropagation();
    setHurried(enters && busy);
  };

  return (
    <Spotlight.Root
      store={store}
      attributes={{ content: { 'aria-label': t('palette.hint') } }}
      query={typed}
      onQueryChange={setTyped}
      shortcut={['mod + K', '/']}
      clearQueryOnClose
      scrollable
      maxHeight={440}
      size={620}
    >
      <Spotlight.Search
        placeholder={t('palette.hint')}
        aria-label={t('palette.hint')}
        onKeyDownCapture={hurry}
        leftSection={<IconSearch size={18} aria-hidden />}
        rightSection={busy ? <Loader size="xs" /> : null}
      />
      <Spotlight.ActionsList>
        {devices.isError && asked !== '' && <ErrorState error={devices.error} compact />}
        {found.length > 0 && (
          <Spotlight.ActionsGroup label={t('palette.devices', { count: devices.data?.total ?? 0 })}>
            {found.map((device) => {
              const Icon = kindIcons[device.kind];
              return (
                <Spotlight.Action
                  key={device.id}
                  label={device.name}
                  description={[device.id, device.address].filter(Boolean).join(' · ')}
                  leftSection={<Icon size={20} stroke={1.6} aria-label={t(`kind.${device.kind}`)} />}
                  rightSection={<StatusIcon status={device.status} />}
                  onClick={() => openDevice(device.id)}
                />
              );
            })}
          </Spotlight.ActionsGroup>
        )}
        {places.length > 0 && (
          <Spotlight.ActionsGroup label={t('palette.places')}>
            {places.map((area) => (
              <Spotlight.Action
                key={area.id}
                label={language === 'ru' ? area.nameRu : area.nameEn}
                description={t(`palette.${area.level}`)}
                leftSection={<IconMapPin size={20} stroke={1.6} aria-hidden />}
                onClick={() => openArea(area.id)}
              />
            ))}
          </Spotlight.ActionsGroup>
        )}
        {walls.length > 0 && (
          <Spotlight.ActionsGroup label={t('palette.walls')}>
            {walls.map((wall) => (
              <Spotlight.Action
                key={wall.id}
                label={wall.name}
                description={wall.mine ? '' : wall.ownerName}
                leftSection={<IconLayoutGrid size={20} stroke={1.6} aria-hidden />}
                onClick={() => openWall(wall.id)}
              />
            ))}
          </Spotlight.ActionsGroup>
        )}
        {doable.length > 0 && (
          <Spotlight.ActionsGroup label={t('palette.actions')}>
            {doable.map(({ id, label, icon: Icon, run }) => (
              <Spotlight.Action
                key={id}
                label={label}
                leftSection={<Icon size={20} stroke={1.6} aria-hidden />}
                onClick={run}
              />
            ))}
          </Spotlight.ActionsGroup>
        )}
        {found.length === 0 &&
          places.length === 0 &&
          walls.length === 0 &&
          doable.length === 0 &&
          !devices.isError && (
            <Spotlight.Empty>
              {busy ? (
                t('loading')
              ) : (
                <>
                  {t('palette.nothing', { query: asked })}
                  <Text size="xs" c="dimmed" mt={4}>
                    {t('palette.nothing-do')}
                  </Text>
                </>
              )}
            </Spotlight.Empty>
          )}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}
