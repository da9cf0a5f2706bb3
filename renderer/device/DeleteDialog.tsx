import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Device } from '../../main/contract/device.ts';
import { hubSend, NoAnswer } from '../hub/client.ts';
import { ConfirmDialog } from '../ui/ConfirmDialog.tsx';

interface DeleteDialogProps {
  device: Device;
  onClose: () => void;
  onDeleted: () => void;
}

/** Asks once more: there is no way back. */
export function DeleteDialog({ device, onClose, onDeleted }: DeleteDialogProps) {
  const { t } = useTranslation(['devices', 'common']);
  const client = useQueryClient();
  const change = useMutation({
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
    <ConfirmDialog
      title={t('delete-title', { name: device.name })}
      confirm={t('common:delete')}
      final
      change={change}
      onConfirm={() => change.mutate()}
      onClose={onClose}
    >
      {t('delete-what')}
    </ConfirmDialog>
  );
}
