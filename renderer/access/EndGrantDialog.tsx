import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useTranslation } from 'react-i18next';
import type { Grant } from '../../main/contract/access.ts';
import { useErrorText } from '../ui/useErrorText.ts';
import { PreviewText } from './PreviewText.tsx';
import { useAccessChanges } from './useAccess.ts';
import { useNames } from './useNames.ts';

/** Ends a grant, after showing what goes with it. */
export function EndGrantDialog({ grant, onClose }: { grant: Grant | null; onClose: () => void }) {
  const { t } = useTranslation(['access', 'common']);
  const names = useNames();
  const errorText = useErrorText();
  const { endGrant } = useAccessChanges();
  const end = () => {
    if (!grant) return;
    endGrant.mutate(grant.id, {
      onSuccess: () => {
        notifications.show({ message: t('ended-done') });
        onClose();
      },
      onError: (error) => notifications.show({ color: 'red', message: errorText(error) }),
    });
  };
  return (
    <Modal
      opened={grant !== null}
      onClose={onClose}
      title={grant ? t('end-title', { role: names.role(grant.roleId) }) : ''}
    >
      {grant && (
        <Stack>
          <Text size="sm">{t('end-does')}</Text>
          <PreviewText input={{ endGrantId: grant.id }} waiting="" />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('common:cancel')}
            </Button>
            <Button color="red.9" loading={endGrant.isPending} onClick={end} data-testid="end-confirm">
              {t('end')}
            </Button>
          </Group>
        </Stack>
      )}
    </Modal>
  );
}
