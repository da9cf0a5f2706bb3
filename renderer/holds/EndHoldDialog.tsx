import { Button, Modal, Stack, Text, Textarea } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Hold } from '../../main/contract/holds.ts';
import { DialogEnd } from '../ui/DialogEnd.tsx';
import { StretchText } from './StretchText.tsx';
import { useHoldChanges } from './useHolds.ts';

interface EndHoldDialogProps {
  hold: Hold;
  nameOf: (cameraId: string) => string;
  onClose(): void;
}

/** Ends a hold before its time: footage may go by it, so it asks why. */
export function EndHoldDialog({ hold, nameOf, onClose }: EndHoldDialogProps) {
  const { t } = useTranslation(['holds', 'common']);
  const { end } = useHoldChanges();
  const [note, setNote] = useState('');
  const [tried, setTried] = useState(false);
  const wrong = note.trim() === '';
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (wrong) return;
    end.mutate(
      { holdId: hold.id, note: note.trim() },
      {
        onSuccess: () => {
          notifications.show({ message: t('end.done') });
          onClose();
        },
      },
    );
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={t(hold.state === 'held' ? 'end.title' : hold.mine ? 'end.title-withdraw' : 'end.title-decline')}
    >
      <form onSubmit={submit} noValidate>
        <Stack>
          <StretchText
            names={hold.cameraIds.map(nameOf)}
            hidden={hold.hiddenCameras}
            from={hold.from}
            to={hold.to}
          />
          <Text size="sm">{t('end.does')}</Text>
          <Textarea
            label={t('end.why')}
            autosize
            maxLength={300}
            required
            value={note}
            onChange={(event) => setNote(event.currentTarget.value)}
            error={tried && wrong ? t('end.why-wrong') : undefined}
            data-autofocus
            data-testid="hold-end-note"
          />
          <DialogEnd error={end.error} onClose={onClose}>
            <Button type="submit" color="red.9" loading={end.isPending} data-testid="hold-end-confirm">
              {t(hold.state === 'held' ? 'end.confirm' : hold.mine ? 'card.withdraw' : 'card.decline')}
            </Button>
          </DialogEnd>
        </Stack>
      </form>
    </Modal>
  );
}
