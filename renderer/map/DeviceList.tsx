import { Button, Text } from '@mantine/core';
import { IconMapOff, IconRefresh } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useSummaries } from '../hub/devices.ts';
import { EmptyState, ErrorState, Loading } from '../ui/states.tsx';
import { useFormat } from '../ui/useFormat.ts';
import type { CityMap } from './city-map.ts';
import { DeviceRow } from './DeviceRows.tsx';
import type { MapEngine } from './engine/engine.ts';
import { Panel } from './Panel.tsx';

const LIMIT = 100;

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
  const found = useQuery({
    queryKey: ['devices', 'in-view', engine.key],
    queryFn: () => engine.list(map.bounds(), LIMIT),
    gcTime: 0,
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
      <Button
        variant="default"
        size="xs"
        mb="xs"
        leftSection={<IconRefresh size={15} />}
        loading={found.isFetching}
        onClick={() => void found.refetch()}
      >
        {t('list.renew')}
      </Button>
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
