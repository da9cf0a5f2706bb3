import { Anchor, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { type Incident, IncidentList } from '../../main/contract/incidents.ts';
import { hubGet, queryString } from '../hub/client.ts';
import { SeveritySign } from '../incidents/IncidentRow.tsx';
import { useIncidentText } from '../incidents/useIncidentText.ts';
import { ErrorState } from '../ui/states.tsx';
import { useFormat } from '../ui/useFormat.ts';
import classes from './wifi.module.css';

/** Past ones that are shown; the rest is on the screen of incidents. */
const PAST_SHOWN = 8;

/** Incidents that this device is or was part of: the open ones first. */
export function ApIncidents({ deviceId }: { deviceId: string }) {
  const { t } = useTranslation('wifi');
  const open = useIncidentsOf(deviceId, 'open');
  const past = useIncidentsOf(deviceId, 'resolved');
  const failed = open.error ?? past.error;
  const items = [...(open.data?.items ?? []), ...(past.data?.items.slice(0, PAST_SHOWN) ?? [])];
  return (
    <section data-testid="ap-incidents">
      <Title order={2} size="h4" mb={6}>
        {t('page.incidents')}
      </Title>
      {failed && (
        <ErrorState error={failed} retry={() => void Promise.all([open.refetch(), past.refetch()])} compact />
      )}
      {open.data && past.data && items.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('page.no-incidents')}
        </Text>
      )}
      {items.map((incident) => (
        <Line key={incident.id} incident={incident} />
      ))}
    </section>
  );
}

const useIncidentsOf = (device: string, state: 'open' | 'resolved') =>
  useQuery({
    queryKey: ['incidents', 'of', device, state],
    queryFn: ({ signal }) => hubGet(`/api/incidents${queryString({ device, state })}`, IncidentList, signal),
  });

function Line({ incident }: { incident: Incident }) {
  const { t } = useTranslation(['wifi', 'incidents']);
  const format = useFormat();
  const text = useIncidentText();
  const { id, cause, severity, since, clearedAt, resolvedAt } = incident;
  const reason = text.reason(incident);
  const over = clearedAt ?? resolvedAt;
  return (
    <div className={classes.line}>
      <SeveritySign severity={severity} size={17} />
      <div>
        <Anchor
          component={Link}
          size="sm"
          href={`/incidents${queryString({ view: resolvedAt === null ? null : 'resolved', incident: id })}`}
        >
          {t(`incidents:cause.${cause}`)}
          {reason && ` · ${reason}`}
        </Anchor>
        <Text size="xs" c="dimmed" className="tabular">
          {over === null
            ? t('incidents:since', { time: format.dateTime(since) })
            : t('page.was', { time: format.dateTime(since), duration: format.duration(over - since) })}
        </Text>
      </div>
    </div>
  );
}
