import {
  ActionIcon,
  Button,
  MultiSelect,
  NumberInput,
  Popover,
  RingProgress,
  Stack,
  Switch,
  Text,
  Tooltip,
} from '@mantine/core';
import { IconPlayerPause, IconPlayerPlay, IconRotateClockwise } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { TOUR_LEAST_S, TOUR_MOST_S, type WallTour } from '../../main/contract/wall.ts';
import type { Tour } from './useTour.ts';
import { useWalls } from './useWalls.ts';

const EVERY_S = 15;

interface TourMenuProps {
  wallId: string;
  tour: WallTour | null;
  /** Pages that the tour would run through. */
  stops: number;
  onChange: (tour: WallTour | null) => void;
}

/** Whether the wall tours, how quickly, and through which other walls. */
export function TourMenu({ wallId, tour, stops, onChange }: TourMenuProps) {
  const { t } = useTranslation('wall');
  const walls = useWalls();
  const others = (walls.data ?? []).filter(({ id }) => id !== wallId);
  return (
    <Popover width={320} position="bottom-end" withArrow shadow="md" trapFocus>
      <Popover.Target>
        <Button
          size="xs"
          variant={tour ? 'light' : 'default'}
          leftSection={<IconRotateClockwise size={15} aria-hidden />}
        >
          {t('tour.title')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="sm">
          <Switch
            label={t('tour.on')}
            checked={tour !== null}
            onChange={(event) =>
              onChange(event.currentTarget.checked ? { everyS: EVERY_S, wallIds: [] } : null)
            }
          />
          <NumberInput
            label={t('tour.every')}
            suffix={t('tour.seconds')}
            min={TOUR_LEAST_S}
            max={TOUR_MOST_S}
            step={5}
            allowDecimal={false}
            clampBehavior="blur"
            disabled={!tour}
            value={tour?.everyS ?? EVERY_S}
            onChange={(value) => {
              const everyS = Number(value);
              if (tour && Number.isInteger(everyS) && everyS >= TOUR_LEAST_S && everyS <= TOUR_MOST_S)
                onChange({ ...tour, everyS });
            }}
          />
          <MultiSelect
            label={t('tour.walls')}
            description={t('tour.walls-hint')}
            placeholder={others.length === 0 ? t('tour.no-walls') : ''}
            data={others.map(({ id, name }) => ({ value: id, label: name }))}
            value={tour?.wallIds.filter((id) => others.some((other) => other.id === id)) ?? []}
            onChange={(wallIds) => tour && onChange({ ...tour, wallIds: wallIds.slice(0, 20) })}
            disabled={!tour || others.length === 0}
            searchable
            clearable
            size="sm"
            comboboxProps={{ withinPortal: false }}
          />
          {tour && stops < 2 && (
            <Text size="xs" c="dimmed" role="status">
              {t('tour.nothing')}
            </Text>
          )}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}

interface TourStateProps {
  tour: Tour;
  everyMs: number;
  stops: number;
  /** Name of the wall that is shown now. */
  name: string;
}

/** Where the tour is, how long this stop is still shown, and a pause. */
export function TourState({ tour, everyMs, stops, name }: TourStateProps) {
  const { t } = useTranslation('wall');
  const seconds = Math.ceil(tour.leftMs / 1000);
  return (
    <>
      <Text size="xs" truncate maw={180}>
        {name}
      </Text>
      <Text size="xs" c="dimmed" className="tabular" style={{ whiteSpace: 'nowrap' }}>
        {t('tour.stop', { at: tour.at + 1, of: stops })}
      </Text>
      <Tooltip label={tour.paused ? t('tour.resume') : t('tour.pause')}>
        <ActionIcon
          variant="default"
          size={30}
          radius="xl"
          aria-label={tour.paused ? t('tour.resume') : t('tour.pause')}
          aria-pressed={tour.paused}
          onClick={tour.toggle}
        >
          {tour.paused ? <IconPlayerPlay size={15} /> : <IconPlayerPause size={15} />}
        </ActionIcon>
      </Tooltip>
      <span
        role="timer"
        aria-label={t('tour.left', { count: seconds })}
        data-testid="tour-left"
        data-seconds={seconds}
      >
        <RingProgress
          size={30}
          thickness={3}
          sections={[
            {
              value: Math.max(0, 100 - (tour.leftMs / everyMs) * 100),
              color: tour.paused ? 'gray' : 'tower.5',
            },
          ]}
          label={
            <Text size="10px" ta="center" className="tabular" aria-hidden>
              {seconds}
            </Text>
          }
        />
      </span>
    </>
  );
}
