import { Badge, Text, UnstyledButton } from '@mantine/core';
import { IconAlertOctagon, IconAlertTriangle, IconBellOff, IconInfoCircle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Incident, Severity } from '../../main/contract/incidents.ts';
import { useSession } from '../hub/session.tsx';
import screen from '../ui/screen.module.css';
import { useFormat } from '../ui/useFormat.ts';
import { useNow } from '../ui/useNow.ts';
import classes from './incidents.module.css';
import { isUntaken } from './untaken.ts';
import { useIncidentText } from './useIncidentText.ts';

const ICONS = { critical: IconAlertOctagon, warning: IconAlertTriangle, info: IconInfoCircle } as const;

/** How bad it is, by shape, colour and, for who hears it, word. */
export function SeveritySign({ severity, size = 20 }: { severity: Severity; size?: number }) {
  const { t } = useTranslation('incidents');
  const Icon = ICONS[severity];
  return (
    <Icon
      size={size}
      className={classes.sign}
      data-severity={severity}
      role="img"
      aria-label={t(`severity.${severity}`)}
    />
  );
}

interface IncidentRowProps {
  incident: Incident;
  current: boolean;
  onOpen: () => void;
}

/** One line of the list: what, where, how much, since when, and who has it. */
export function IncidentRow({ incident, current, onOpen }: IncidentRowProps) {
  const { t } = useTranslation('incidents');
  const format = useFormat();
  const text = useIncidentText();
  const now = useNow(1_000);
  const { person } = useSession();
  const { affected, districts, since, clearedAt, resolvedAt, taken, mutedUntil, severity } = incident;
  const muted = mutedUntil !== null && mutedUntil > now;
  // Where nobody need take it, nothing is missing: the words would accuse the shift of it.
  const untaken = isUntaken(incident, now);
  const reason = text.reason(incident);
  return (
    <UnstyledButton
      className={`${screen.row} ${classes.row}`}
      onClick={onOpen}
      data-current={current || undefined}
      data-quiet={clearedAt !== null || muted || undefined}
      data-testid="incident"
      data-cause={incident.cause}
    >
      <SeveritySign severity={severity} />
      <span className={classes.what}>
        <Text span size="sm" fw={600} className={screen.wrap}>
          {text.subject(incident)}
        </Text>
        <Text span size="sm" className={screen.wrap}>
          {t(`cause.${incident.cause}`)}
          {reason && <Text span c="dimmed" inherit>{` · ${reason}`}</Text>}
          {districts > 1 && (
            <Text span c="dimmed" inherit>{` · ${t('in-districts', { count: districts })}`}</Text>
          )}
        </Text>
      </span>
      <span className={classes.extent}>
        {affected.ever > 1 && (
          <Badge variant="light" color={severity === 'critical' ? 'red' : 'gray'} tt="none" size="sm">
            {t('affected', { count: clearedAt === null ? affected.now : affected.ever })}
          </Badge>
        )}
      </span>
      <span className={classes.when}>
        <Text span size="sm" className="tabular">
          {format.duration((clearedAt ?? now) - since)}
        </Text>
        <Text span size="xs" c="dimmed" className="tabular">
          {clearedAt === null || resolvedAt !== null
            ? t('since', { time: format.minute(since) })
            : t('cleared', { ago: format.ago(now - clearedAt) })}
        </Text>
      </span>
      <span className={classes.who}>
        <Text span size="sm" c={taken ? undefined : 'dimmed'} className={screen.wrap}>
          {taken
            ? taken.personId === person.id
              ? t('taken-me')
              : t('taken-by', { name: taken.name })
            : untaken && t('nobody')}
        </Text>
        {muted && (
          <Text span size="xs" c="dimmed">
            <IconBellOff size={12} aria-hidden /> {t('muted-until', { time: format.minute(mutedUntil) })}
          </Text>
        )}
      </span>
    </UnstyledButton>
  );
}
