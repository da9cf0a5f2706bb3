import { Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { DeviceEvent } from '../../main/contract/health.ts';
import { hubGet } from '../hub/client.ts';
import { SeveritySign } from '../incidents/IncidentRow.tsx';
import { ErrorState } from '../ui/states.tsx';
import { useFormat } from '../ui/useFormat.ts';
import { MoreButton } from './MoreButton.tsx';
import classes from './wifi.module.css';

const SHOWN = 8;

/** What the point told of once: its own words, since each maker has others. */
export function ApEvents({ deviceId }: { deviceId: string }) {
  const { t } = useTranslation('wifi');
  const format = useFormat();
  const [all, setAll] = useState(false);
  const { data, error, refetch } = useQuery({
    queryKey: ['device', deviceId, 'events'],
    queryFn: ({ signal }) =>
      hubGet(`/api/devices/${encodeURIComponent(deviceId)}/events`, z.array(DeviceEvent), signal),
  });
  return (
    <section data-testid="ap-events">
      <Title order={2} size="h4" mb={6}>
        {t('page.events')}
      </Title>
      {error && <ErrorState error={error} retry={() => void refetch()} compact />}
      {data?.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('page.no-events')}
        </Text>
      )}
      {data?.slice(0, all ? undefined : SHOWN).map((event, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a device may tell the same twice in a moment; rows hold no state
        <div key={`${event.at} ${i}`} className={classes.line}>
          <SeveritySign severity={event.severity} size={17} />
          <div>
            <Text size="sm">
              <b>{event.type}</b> {[...words(event.source), ...words(event.data)].join(', ')}
            </Text>
            <Text size="xs" c="dimmed" className="tabular">
              {format.dateTime(event.at)}
            </Text>
          </div>
        </div>
      ))}
      {data && !all && <MoreButton count={data.length - SHOWN} onMore={() => setAll(true)} />}
    </section>
  );
}

/** `channel 44, reason radar`. */
const words = (data: DeviceEvent['data']): string[] =>
  Object.entries(data).map(
    ([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
