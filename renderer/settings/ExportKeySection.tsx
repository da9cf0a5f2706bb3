import { useTranslation } from 'react-i18next';
import { useExportKey } from '../export/exports.ts';
import { Fingerprint } from '../export/VerifyHint.tsx';
import { ErrorState, Loading } from '../ui/states.tsx';
import { Section } from './Section.tsx';

/** The key by which others verify what this hub handed out. */
export function ExportKeySection() {
  const { t } = useTranslation('export');
  const key = useExportKey();
  return (
    <Section title={t('key-title')} what={t('key-what')}>
      {key.isPending && <Loading />}
      {key.isError && <ErrorState error={key.error} retry={() => void key.refetch()} compact />}
      {key.data && <Fingerprint value={key.data.fingerprint} />}
    </Section>
  );
}
