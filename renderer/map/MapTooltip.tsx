import { Group, Paper, Stack, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useTranslation } from 'react-i18next';
import { DeviceKinds } from '../../main/contract/device.ts';
import { HealthStatuses } from '../../main/contract/health.ts';
import { useSummaries } from '../hub/devices.ts';
import { StatusText } from '../ui/status.tsx';
import { statusesByRank } from '../ui/status-look.ts';
import { useFormat } from '../ui/useFormat.ts';
import type { Hit } from './city-map.ts';
import classes from './Map.module.css';

type Item = Hit['item'];

/** How many of which status; the worst first. */
function ClusterText({ item }: { item: Extract<Item, { type: 'cluster' }> }) {
  const { t } = useTranslation('map');
  const format = useFormat();
  return (
    <Stack gap={3}>
      <Text size="sm" fw={600}>
        {t('devices', { count: item.total, shown: format.number(item.total) })}
      </Text>
      {statusesByRank.map((status) => {
        const count = item.counts[HealthStatuses.indexOf(status)] ?? 0;
        return (
          count > 0 && (
            <Group key={status} justify="space-between" gap="lg" wrap="nowrap" fz="sm">
              <StatusText status={status} size={16} />
              <Text span size="sm" className="tabular">
                {format.number(count)}
              </Text>
            </Group>
          )
        );
      })}
    </Stack>
  );
}

/** Name and status; the name comes a moment later, for the map's wire has none. */
function DeviceText({ item }: { item: Extract<Item, { type: 'device' }> }) {
  const { t } = useTranslation();
  const [num] = useDebouncedValue(item.num, 120);
  const { data } = useSummaries([num]);
  const known = data?.find((device) => device.num === item.num);
  const kind = DeviceKinds[item.kind] ?? 'camera';
  return (
    <Stack gap={2}>
      <Text size="sm" fw={600}>
        {known?.name ?? t(`kind.${kind}`)}
      </Text>
      {known && (
        <Text size="xs" c="dimmed">
          {known.address || known.id}
        </Text>
      )}
      <Text size="sm" component="div">
        <StatusText status={HealthStatuses[item.status] ?? 'never-seen'} size={16} />
      </Text>
    </Stack>
  );
}

/** What is under the pointer. */
export function MapTooltip({ hit }: { hit: Hit }) {
  return (
    <Paper
      className={classes.tooltip}
      shadow="md"
      withBorder
      style={{ left: hit.x, top: hit.y }}
      // Towards the middle, where there is room.
      data-leftwards={hit.x > window.innerWidth / 2 || undefined}
      aria-hidden
      key={hit.item.type === 'device' ? hit.item.num : -hit.item.id}
    >
      {hit.item.type === 'cluster' ? <ClusterText item={hit.item} /> : <DeviceText item={hit.item} />}
    </Paper>
  );
}
