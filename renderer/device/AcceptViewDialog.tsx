import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Device } from '../../main/contract/device.ts';
import { acceptView } from '../hub/pictures.ts';
import { ConfirmDialog } from '../ui/ConfirmDialog.tsx';

/** Asks once more before what the hub learned of a camera is forgotten. */
export function AcceptViewDialog({ device, onClose }: { device: Device; onClose: () => void }) {
  const { t } = useTranslation('pictures');
  const client = useQueryClient();
  const change = useMutation({
    mutationFn: () => acceptView(device.id),
    onSuccess: async () => {
      notifications.show({ message: t('accepted', { name: device.name }) });
      onClose();
      await client.invalidateQueries({ queryKey: ['device', device.id] });
    },
  });
  return (
    <ConfirmDialog
      title={t('accept-title')}
      confirm={t('accept')}
      change={change}
      onConfirm={() => change.mutate()}
      onClose={onClose}
    >
      {t('accept-what')}
    </ConfirmDialog>
  );
}
