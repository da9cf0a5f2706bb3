import { Button, Checkbox, Group, Popover, Stack, Text } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { HealthStatus } from '../../main/contract/health.ts';
import { sumCounts } from '../app/counts.ts';
import { useMonitoring } from '../hub/monitoring.ts';
import { StatusText } from '../ui/status.tsx';
import { statusesByRank } from '../ui/status-look.ts';
import { useFormat } from '../ui/useFormat.ts';

interface StatusFilterProps {
  chosen: readonly HealthStatus[];
  onChange: (statuses: HealthStatus[]) => void;
}

/** Which statuses are shown, each with its count: the map's legend as well. */
export function StatusFilter({ chosen, onChange }: StatusFilterProps) {
  const { t } = useTranslation(['map', 'common']);
  const format = useFormat();
  const { data } = useMonitoring();
  const sums = data ? sumCounts(data.counts) : null;
  const [first] = chosen;
  const label =
    chosen.length === 0
      ? t('filter.status')
      : chosen.length === 1 && first
        ? t(`common:status.${first}`)
        : t('filter.statuses', { count: chosen.length });
  return (
    <Popover position="bottom-start" shadow="md" withinPortal>
      <Popover.Target>
        <Button
          variant="default"
          size="xs"
          rightSection={<IconChevronDown size={14} aria-hidden />}
          data-chosen={chosen.length > 0 || undefined}
        >
          {label}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Checkbox.Group
          aria-label={t('filter.status')}
          value={[...chosen]}
          onChange={(values) => onChange(statusesByRank.filter((status) => values.includes(status)))}
        >
          <Stack gap={8} miw={230}>
            {statusesByRank.map((status) => (
              <Checkbox
                key={status}
                value={status}
                size="xs"
                styles={{ body: { alignItems: 'center' }, labelWrapper: { flex: 1 } }}
                label={
                  <Group justify="space-between" gap="md" wrap="nowrap">
                    <StatusText status={status} size={16} />
                    {sums && (
                      <Text span size="xs" c="dimmed" className="tabular">
                        {format.number(sums.get(status) ?? 0)}
                      </Text>
                    )}
                  </Group>
                }
              />
            ))}
          </Stack>
        </Checkbox.Group>
      </Popover.Dropdown>
    </Popover>
  );
}
