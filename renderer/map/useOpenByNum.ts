import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { Device } from '../../main/contract/device.ts';
import { hubGet } from '../hub/client.ts';
import { useErrorText } from '../ui/useErrorText.ts';

/** Opens the device that the map's wire calls `num`. */
export function useOpenByNum(open: (id: string) => void): (num: number) => void {
  const client = useQueryClient();
  const errorText = useErrorText();
  return useCallback(
    (num) => {
      hubGet(`/api/devices/by-num/${num}`, Device)
        .then((device) => {
          client.setQueryData(['device', device.id], device);
          open(device.id);
        })
        .catch((error: unknown) => notifications.show({ color: 'red', message: errorText(error) }));
    },
    [client, errorText, open],
  );
}
