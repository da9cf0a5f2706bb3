import { Alert, Button, Group, Modal, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Device } from '../../main/contract/device.ts';
import { acceptView } from '../hub/pictures.ts';
import { useErrorText } from '../ui/useErrorText.ts';

/** Asks once more before what the hub learned of a camera is forgotten. */
export function AcceptViewDialog({ device, onClose }: { device: Device; onClose: () => void }) {
  const { t } = useTranslation(['pictures', 'common']);
  const errorText = useErrorText();
  const client = useQueryClient();
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => acceptView(device.id),
    onSuccess: async () => {
      notifications.show({ message: t('accepted', { name: device.name }) });
      onClose();
      await client.invalidateQueries({ queryKey: ['device', device.id] });
    },
  });
  return (
    <Modal opened onClose={onClose} title={t('accept-title')}>
      <Stack>
        <Text size="sm">{t('accept-what')}</Text>
        {error && (
          <Alert color="red" role="alert">
            {errorText(error)}
          </Alert>
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose} data-autofocus>
            {t('common:cancel')}
          </Button>
          <Button loading={isPending} onClick={() => mutate()}>
            {t('accept')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
