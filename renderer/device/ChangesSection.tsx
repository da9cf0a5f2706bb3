import { Group, Stack, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { StatusChange } from '../../main/contract/health.ts';
import { StatusText } from '../ui/status.tsx';
import { useFormat } from '../ui/useFormat.ts';

const SHOWN = 12;

/** When the status changed and why, newest first. */
export function ChangesSection({ changes }: { changes: readonly StatusChange[] }) {
  const { t } = useTranslation(['devices', 'common']);
  const format = useFormat();
  if (changes.length === 0) return null;
  return (
    <section>
      <Title order={3} size="h4" mb={6}>
        {t('changes')}
      </Title>
      <Stack gap={7}>
        {changes.slice(0, SHOWN).map(({ at, status, reason }) => (
          <Group key={`${at} ${status}`} gap="sm" wrap="nowrap" align="flex-start" fz="sm">
            <Text
              component="time"
              size="xs"
              c="dimmed"
              className="tabular"
              dateTime={new Date(at).toISOString()}
              style={{ flex: 'none', paddingTop: 1 }}
            >
              {format.dateTime(at)}
            </Text>
            <div>
              <StatusText status={status} size={15} />
              {reason !== 'none' && (
                <Text size="xs" c="dimmed">
                  {t(`common:reason.${reason}`)}
                </Text>
              )}
            </div>
          </Group>
        ))}
      </Stack>
    </section>
  );
}
