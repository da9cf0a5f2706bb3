import { Anchor, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Facts } from '../device/Facts.tsx';
import { useMonitoring } from '../hub/monitoring.ts';
import { usePublicInfo, useSession } from '../hub/session.tsx';
import { ErrorState, Loading } from '../ui/states.tsx';
import { useFormat } from '../ui/useFormat.ts';
import { Section } from './Section.tsx';

/** What this hub is and where its interface is described. */
export function AboutSection() {
  const { t } = useTranslation(['settings', 'common']);
  const format = useFormat();
  const { city, expiresAt } = useSession();
  const info = usePublicInfo();
  const monitoring = useMonitoring();
  return (
    <Section title={t('about')}>
      {info.isPending && <Loading />}
      {info.isError && <ErrorState error={info.error} retry={() => void info.refetch()} compact />}
      {info.data && (
        <Facts
          facts={[
            { name: t('product'), value: `${t('common:product')} ${info.data.version}` },
            { name: t('hub'), value: `${window.location.host} (${info.data.hubId})` },
            { name: t('city'), value: `${city.id}, ${city.timeZone}` },
            { name: t('broker'), value: monitoring.data?.broker.address },
            { name: t('session-until'), value: format.minute(expiresAt) },
          ]}
        />
      )}
      <Text size="sm">
        <Anchor href="/api/openapi.json" target="_blank" rel="noreferrer" inherit>
          {t('openapi')}
        </Anchor>
      </Text>
    </Section>
  );
}
