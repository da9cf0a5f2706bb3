import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Device, type DeviceInput, type DevicePatch } from '../../main/contract/device.ts';
import { hubSend } from '../hub/client.ts';

type Change = { id: null; input: DeviceInput } | { id: string; patch: DevicePatch };

/** Sends a new or a changed device to the hub. */
export function useSaveDevice(onSaved: (device: Device) => void) {
  const { t } = useTranslation('devices');
  const client = useQueryClient();
  return useMutation({
    mutationFn: (change: Change) =>
      change.id === null
        ? hubSend('POST', '/api/devices', change.input, Device)
        : hubSend('PATCH', `/api/devices/${encodeURIComponent(change.id)}`, change.patch, Device),
    onSuccess: (device) => {
      client.setQueryData(['device', device.id], device);
      void client.invalidateQueries({ queryKey: ['devices'] });
      notifications.show({ message: t('saved', { name: device.name }) });
      onSaved(device);
    },
  });
}
