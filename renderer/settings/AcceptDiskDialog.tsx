import { notifications } from '@mantine/notifications';
import { useTranslation } from 'react-i18next';
import type { DiskStatus } from '../../main/contract/recording.ts';
import { ConfirmDialog } from '../ui/ConfirmDialog.tsx';
import { useAcceptDisk } from './useDisks.ts';

/** Another disk instead of the known one: said aloud, because the known one's footage leaves the archive. */
export function AcceptDiskDialog({ disk, onClose }: { disk: DiskStatus; onClose(): void }) {
  const { t } = useTranslation('disks');
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
    <ConfirmDialog
      title={t('accept-title')}
      confirm={t('accept')}
      change={accept}
      onConfirm={submit}
      onClose={onClose}
    >
      {t('accept-text', { place, folder })}
    </ConfirmDialog>
  );
}
