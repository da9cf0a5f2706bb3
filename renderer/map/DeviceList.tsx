import { Text } from '@mantine/core';
import { IconMapOff } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSummaries } from '../hub/devices.ts';
import { EmptyState, ErrorState, Loading } from '../ui/states.tsx';
import { useFormat } from '../ui/useFormat.ts';
import type { CityMap } from './city-map.ts';
import { DeviceRow } from './DeviceRows.tsx';
import type { MapEngine } from './engine/engine.ts';
import { Panel } from './Panel.tsx';

const LIMIT = 100;

/** Grows when the map shows something else, by a move or by news, at most once a second. */
function useFrameRevision(engine: MapEngine): number {
  const [revision, setRevision] = useState(0);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | null = null;
    const leave = engine.onFrame(() => {
      timer ??= setTimeout(() => {
        timer = null;
        setRevision((before) => before + 1);
      }, 1000);
    });
    return () => {
      leave();
      if (timer) clearTimeout(timer);
    };
  }, [engine]);
  return revision;
}

interface DeviceListProps {
  engine: MapEngine;
  map: CityMap;
  onOpen: (id: string) => void;
  onClose: () => void;
}

/** The part of the city now in view as a list, the worst first: the map for those who cannot point. */
export function DeviceList({ engine, map, onOpen, onClose }: DeviceListProps) {
  const { t } = useTranslation('map');
  const format = useFormat();
  const revision = useFrameRevision(engine);
  const found = useQuery({
    queryKey: ['devices', 'in-view', engine.key, revision],
    queryFn: () => engine.list(map.bounds(), LIMIT),
    gcTime: 0,
    placeholderData: keepPreviousData,
  });
  const nums = found.data?.devices.map(({ num }) => num) ?? [];
  const names = useSummaries(nums);
  const byNum = new Map(names.data?.map((device) => [device.num, device]));
  const shown = nums.flatMap((num) => byNum.get(num) ?? []);
  const total = found.data?.total ?? 0;
  return (
    <Panel
      subject="list"
      title={t('list.title')}
      subtitle={
        found.data && (
          <Text size="xs" c="dimmed">
            {total > LIMIT
              ? t('list.some', { shown: LIMIT, total: format.number(total) })
              : t('devices', { count: total, shown: format.number(total) })}
          </Text>
        )
      }
      onClose={onClose}
    >
      {names.isError && <ErrorState error={names.error} retry={() => void names.refetch()} compact />}
      {total === 0 && found.isSuccess && (
        <EmptyState icon={<IconMapOff size={26} />} title={t('list.none')}>
          {t('list.none-do')}
        </EmptyState>
      )}
      {nums.length > 0 && names.isPending && <Loading />}
      {shown.map((device) => (
        <DeviceRow key={device.id} device={device} onOpen={onOpen} />
      ))}
    </Panel>
  );
}
