import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useTranslation } from 'react-i18next';
import type { DiskStatus } from '../../main/contract/recording.ts';
import { useErrorText } from '../ui/useErrorText.ts';
import { useAcceptDisk } from './useDisks.ts';

/** Another disk instead of the known one: said aloud, because the known one's footage leaves the archive. */
export function AcceptDiskDialog({ disk, onClose }: { disk: DiskStatus; onClose(): void }) {
  const { t } = useTranslation(['disks', 'common']);
  const errorText = useErrorText();
  const accept = useAcceptDisk();
  const { place, folder } = disk;
  const submit = () =>
    accept.mutate(place, {
      onSuccess: ({ disks }) => {
        const state = disks.find((one) => one.place === place)?.state ?? 'missing';
        notifications.show({
          message:
            state === 'in-use' || state === 'filling'
              ? t('accept-done', { place })
              : t('accept-failed', { place, state: t(`state.${state}`) }),
        });
        onClose();
      },
    });
  return (
    <Modal
      opened
      onClose={onClose}
      closeButtonProps={{ 'aria-label': t('common:close') }}
      title={t('accept-title')}
    >
      <Stack>
        <Text size="sm">{t('accept-text', { place, folder })}</Text>
        {accept.isError && (
          <Text c="var(--mantine-color-error)" size="sm" role="alert">
            {errorText(accept.error)}
          </Text>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('common:cancel')}
          </Button>
          <Button onClick={submit} loading={accept.isPending}>
            {t('accept')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
