import { Divider, Stack, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useSession } from '../hub/session.tsx';
import { AboutSection } from './AboutSection.tsx';
import { DiskSection } from './DiskSection.tsx';
import { ExportKeySection } from './ExportKeySection.tsx';
import { LookSection } from './LookSection.tsx';
import { NoticeSection } from './NoticeSection.tsx';
import { PasswordSection } from './PasswordSection.tsx';
import { ThresholdSection } from './ThresholdSection.tsx';
import { TileSection } from './TileSection.tsx';

/** First what each person sets for himself, then what holds for all, then what this hub is. */
export default function SettingsScreen() {
  const { t } = useTranslation('settings');
  const { can } = useSession();
  return (
    <Stack maw={680} mx="auto" p="lg" gap="lg">
      <Title order={1}>{t('title')}</Title>
      <LookSection />
      <PasswordSection />
      <TileSection />
      {can('system.configure') && (
        <>
          <Divider label={t('for-all')} labelPosition="left" />
          <DiskSection />
          <NoticeSection />
          <ThresholdSection />
        </>
      )}
      <ExportKeySection />
      <AboutSection />
    </Stack>
  );
}
