import { Anchor, Code, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { PUBLIC_KEY_FILE, useExportKey } from './exports.ts';

/** Digits in groups of four, as they are compared by eye. */
const grouped = (fingerprint: string): string => fingerprint.match(/.{1,4}/g)?.join(' ') ?? fingerprint;

/** How whoever receives a copy finds out that it is true, and the fingerprint he needs for it. */
export function VerifyHint() {
  const { t } = useTranslation('export');
  const key = useExportKey();
  return (
    <details>
      <Text component="summary" size="xs" style={{ cursor: 'pointer' }}>
        {t('verify-title')}
      </Text>
      <Stack gap={4} mt={4}>
        <Text size="xs">{t('verify')}</Text>
        {key.data && <Fingerprint value={key.data.fingerprint} />}
      </Stack>
    </details>
  );
}

export function Fingerprint({ value }: { value: string }) {
  const { t } = useTranslation('export');
  return (
    <div>
      <Text size="xs" c="dimmed">
        {t('fingerprint')}
      </Text>
      <Code block fz="xs" style={{ whiteSpace: 'normal' }} data-testid="export-fingerprint">
        {grouped(value)}
      </Code>
      <Anchor href={PUBLIC_KEY_FILE} download="kalancha-export-key.pem" size="xs">
        {t('public-key')}
      </Anchor>
    </div>
  );
}
