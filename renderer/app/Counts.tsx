import { Group, Text, Tooltip, UnstyledButton } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { statusesUnknown } from '../hub/blindness.ts';
import { useMonitoring } from '../hub/monitoring.ts';
import { useSession } from '../hub/session.tsx';
import { useBlindness } from '../hub/useBlindness.ts';
import { statusIcons, useStatusColor } from '../ui/status.tsx';
import { statusesByRank, statusLooks } from '../ui/status-look.ts';
import { useFormat } from '../ui/useFormat.ts';
import { sumCounts } from './counts.ts';
import classes from './Frame.module.css';

/** The city in one line: whatever is wrong by name, then how many are well. A click filters the map. */
export function Counts() {
  const { t } = useTranslation();
  const format = useFormat();
  const color = useStatusColor();
  const { can } = useSession();
  const { data } = useMonitoring();
  const { blind } = useBlindness();
  if (!data || !can('device.view')) return null;
  const sums = sumCounts(data.counts);
  const shown = statusesByRank.filter(
    (status) => status === 'online' || (statusLooks[status].loud && (sums.get(status) ?? 0) > 0),
  );
  return (
    <Group
      gap={2}
      wrap="nowrap"
      className={classes.counts}
      data-unknown={statusesUnknown(blind) || undefined}
      role="group"
      aria-label={t('frame.counts')}
    >
      {shown.map((status) => {
        const Icon = statusIcons[status];
        const count = sums.get(status) ?? 0;
        return (
          <Tooltip key={status} label={t('frame.count', { status: t(`status.${status}`) })}>
            <UnstyledButton
              component={Link}
              href={`/map?status=${status}`}
              className={classes.count}
              aria-label={`${t(`status.${status}`)}: ${format.number(count)}`}
            >
              <Icon size={16} color={color(status)} aria-hidden />
              <Text span size="sm" className="tabular" fw={statusLooks[status].loud ? 600 : 400}>
                {format.number(count)}
              </Text>
            </UnstyledButton>
          </Tooltip>
        );
      })}
    </Group>
  );
}
