import { Button, Modal, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { type FormEvent, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Hold } from '../../main/contract/holds.ts';
import { useSession } from '../hub/session.tsx';
import { cityMoment } from '../time/city-moment.ts';
import { cityZone } from '../time/city-zone.ts';
import { DayField } from '../time/DayField.tsx';
import { DialogEnd } from '../ui/DialogEnd.tsx';
import { useFormat } from '../ui/useFormat.ts';
import { dayAfter } from './hold-form.ts';
import { StretchText } from './StretchText.tsx';
import { useHoldChanges, useHoldQuota } from './useHolds.ts';

interface ProlongDialogProps {
  hold: Hold;
  nameOf: (cameraId: string) => string;
  onClose(): void;
}

/** Keeps a stretch for longer. */
export function ProlongDialog({ hold, nameOf, onClose }: ProlongDialogProps) {
  const { t } = useTranslation(['holds', 'common']);
  const { city } = useSession();
  const format = useFormat();
  const quota = useHoldQuota();
  const zone = useMemo(() => cityZone(city.timeZone), [city.timeZone]);
  const { prolong } = useHoldChanges();
  const days = quota.data?.defaultDays ?? 30;
  const [typed, setTyped] = useState<string | null>(null);
  const [tried, setTried] = useState(false);
  const day = typed ?? dayAfter(hold.until, days, zone);
  const until = cityMoment(`${day}T23:59`, zone);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (until === undefined) return;
    prolong.mutate(
      { holdId: hold.id, until },
      {
        onSuccess: (changed) => {
          notifications.show({ message: t('prolong.done', { time: format.minute(changed.keptUntil) }) });
          onClose();
        },
      },
    );
  };
  return (
    <Modal opened onClose={onClose} title={t('prolong.title')}>
      <form onSubmit={submit} noValidate>
        <Stack>
          <StretchText
            names={hold.cameraIds.map(nameOf)}
            hidden={hold.hiddenCameras}
            from={hold.from}
            to={hold.to}
          />
          <Text size="sm">{t('prolong.now', { time: format.minute(hold.until) })}</Text>
          <DayField
            label={t('dialog.until')}
            description={quota.data ? t('dialog.until-hint', { days: quota.data.maxDays }) : undefined}
            value={day}
            onChange={setTyped}
            error={tried && until === undefined ? t('dialog.until-wrong') : undefined}
            data-autofocus
          />
          <DialogEnd error={prolong.error} onClose={onClose}>
            <Button type="submit" loading={prolong.isPending}>
              {t('prolong.confirm')}
            </Button>
          </DialogEnd>
        </Stack>
      </form>
    </Modal>
  );
}
