import { Group, Loader, Stack, Text } from '@mantine/core';
import { IconArrowDownRight, IconArrowUpRight, IconEye } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { PreviewInput } from '../../main/contract/access.ts';
import { ErrorState } from '../ui/states.tsx';
import classes from './access.module.css';
import { usePreview } from './useAccess.ts';

interface PreviewTextProps {
  input: PreviewInput | null;
  /** Shown while there is no question to ask yet. */
  waiting: string;
}

/** What a change would do, in a sentence, before it is made. */
export function PreviewText({ input, waiting }: PreviewTextProps) {
  const { t } = useTranslation(['access', 'common']);
  const preview = usePreview(input);
  return (
    <div className={classes.preview} aria-live="polite" data-testid="preview">
      {input === null ? (
        <Text size="sm" c="dimmed">
          {waiting}
        </Text>
      ) : preview.isError ? (
        <ErrorState compact error={preview.error} retry={() => void preview.refetch()} />
      ) : !preview.data ? (
        <Loader size="xs" />
      ) : (
        <Stack gap={4}>
          <Amount cameras={preview.data.camerasGained} devices={preview.data.devicesGained} way="gives" />
          <Amount cameras={preview.data.camerasLost} devices={preview.data.devicesLost} way="takes" />
          {preview.data.devicesGained + preview.data.devicesLost === 0 && (
            <Text size="sm">{t('preview.nothing')}</Text>
          )}
          <Group gap={6} wrap="nowrap">
            <IconEye size={15} aria-hidden style={{ flex: 'none' }} />
            <Text size="sm">
              {preview.data.watchingNow === 0
                ? t('preview.watching-none')
                : t('preview.watching', { count: preview.data.watchingNow })}
            </Text>
          </Group>
          {preview.data.actions.length > 0 && (
            <Text size="xs" c="dimmed">
              {t('preview.actions', {
                actions: preview.data.actions.map((action) => t(`common:action.${action}`)).join(', '),
              })}
            </Text>
          )}
        </Stack>
      )}
    </div>
  );
}

function Amount({ cameras, devices, way }: { cameras: number; devices: number; way: 'gives' | 'takes' }) {
  const { t } = useTranslation('access');
  if (devices === 0) return null;
  const Icon = way === 'gives' ? IconArrowUpRight : IconArrowDownRight;
  const counted =
    cameras > 0
      ? t(way === 'gives' ? 'preview.gives-cameras' : 'preview.takes-cameras', { count: cameras })
      : t(way === 'gives' ? 'preview.gives-devices' : 'preview.takes-devices', { count: devices });
  return (
    <Group gap={6} wrap="nowrap" c={way === 'takes' ? 'red.4' : undefined}>
      <Icon size={15} aria-hidden style={{ flex: 'none' }} />
      <Text size="sm" fw={600}>
        {counted}{' '}
        {cameras > 0 && devices > cameras && (
          <Text span size="sm" fw={400}>
            {t('preview.of-all', { count: devices })}
          </Text>
        )}
      </Text>
    </Group>
  );
}
