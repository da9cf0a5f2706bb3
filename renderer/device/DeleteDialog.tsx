import { Alert, Button, Group, Modal, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Device } from '../../main/contract/device.ts';
import { hubSend, NoAnswer } from '../hub/client.ts';
import { useErrorText } from '../ui/useErrorText.ts';

interface DeleteDialogProps {
  device: Device;
  onClose: () => void;
  onDeleted: () => void;
}

/** Asks once more: there is no way back. */
export function DeleteDialog({ device, onClose, onDeleted }: DeleteDialogProps) {
  const { t } = useTranslation(['devices', 'common']);
  const errorText = useErrorText();
  const client = useQueryClient();
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => hubSend('DELETE', `/api/devices/${encodeURIComponent(device.id)}`, undefined, NoAnswer),
    onSuccess: () => {
      notifications.show({ message: t('deleted', { name: device.name }) });
      onClose();
      onDeleted();
      client.removeQueries({ queryKey: ['device', device.id] });
      void client.invalidateQueries({ queryKey: ['devices'] });
    },
  });
  return (
    <Modal opened onClose={onClose} title={t('delete-title', { name: device.name })}>
      <Stack>
        <Text size="sm">{t('delete-what')}</Text>
        {error && (
          <Alert color="red" role="alert">
            {errorText(error)}
          </Alert>
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose} data-autofocus>
            {t('common:cancel')}
          </Button>
          <Button color="red" loading={isPending} onClick={() => mutate()}>
            {t('common:delete')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
