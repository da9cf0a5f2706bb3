import { Badge, Group, Text, Tooltip, useComputedColorScheme } from '@mantine/core';
import {
  IconActivity,
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleDashed,
  IconCircleX,
  IconClockQuestion,
  IconFileAlert,
  IconTool,
  type TablerIcon,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { HealthStatus } from '../../main/contract/health.ts';
import { statusLooks } from './status-look.ts';

/** Shape as well as colour: each status has an icon of its own. */
export const statusIcons: Readonly<Record<HealthStatus, TablerIcon>> = {
  online: IconCircleCheck,
  degraded: IconAlertTriangle,
  suspect: IconClockQuestion,
  offline: IconCircleX,
  flapping: IconActivity,
  'bad-data': IconFileAlert,
  maintenance: IconTool,
  'never-seen': IconCircleDashed,
};

/** The status's colour on the ground now shown. */
export function useStatusColor(): (status: HealthStatus) => string {
  const scheme = useComputedColorScheme('dark');
  return (status) => statusLooks[status][scheme];
}

interface StatusProps {
  status: HealthStatus;
  size?: number;
}

/** Only the sign, for narrow places; its word is in the tooltip and read aloud. */
export function StatusIcon({ status, size = 18 }: StatusProps) {
  const { t } = useTranslation();
  const color = useStatusColor();
  const Icon = statusIcons[status];
  return (
    <Tooltip label={t(`status.${status}`)}>
      <Icon size={size} color={color(status)} role="img" aria-label={t(`status.${status}`)} />
    </Tooltip>
  );
}

/** Sign and word, for tables and lines of text. */
export function StatusText({ status, size = 18 }: StatusProps) {
  const { t } = useTranslation();
  const color = useStatusColor();
  const Icon = statusIcons[status];
  return (
    <Group gap={6} wrap="nowrap" component="span" display="inline-flex">
      <Icon size={size} color={color(status)} aria-hidden style={{ flex: 'none' }} />
      <Text span inherit>
        {t(`status.${status}`)}
      </Text>
    </Group>
  );
}

/** Sign and word in a frame, for headings. */
export function StatusBadge({ status }: StatusProps) {
  const { t } = useTranslation();
  const color = useStatusColor();
  const Icon = statusIcons[status];
  return (
    <Badge
      variant="default"
      size="lg"
      tt="none"
      fw={600}
      leftSection={<Icon size={16} color={color(status)} aria-hidden />}
      style={{ borderColor: color(status) }}
    >
      {t(`status.${status}`)}
    </Badge>
  );
}
