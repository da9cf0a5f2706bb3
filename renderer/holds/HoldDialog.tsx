import { Alert, Button, Modal, Select, Stack, Text, Textarea } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { IconClockShield } from '@tabler/icons-react';
import { type FormEvent, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSession } from '../hub/session.tsx';
import { useDeviceNames } from '../hub/useDeviceNames.ts';
import { useHubNow } from '../player/useHubNow.ts';
import { cityMoment } from '../time/city-moment.ts';
import { cityZone } from '../time/city-zone.ts';
import { DayField } from '../time/DayField.tsx';
import { DialogEnd } from '../ui/DialogEnd.tsx';
import { useFormat } from '../ui/useFormat.ts';
import { HoldPreviewText } from './HoldPreviewText.tsx';
import { AHEAD_CHOICES, dayAfter, reachesNow } from './hold-form.ts';
import { StretchText } from './StretchText.tsx';
import { useHoldChanges, useHoldPreview } from './useHolds.ts';

export interface HoldDialogProps {
  cameraIds: string[];
  /** UTC ms of the footage. */
  from: number;
  to: number;
  onClose(): void;
}

/** Keeps a stretch of footage from deletion: why, until when, and what that takes. */
export function HoldDialog({ cameraIds, from, to, onClose }: HoldDialogProps) {
  const { t } = useTranslation(['holds', 'common']);
  const narrow = useMediaQuery('(max-width: 48em)') ?? false;
  return (
    <Modal opened onClose={onClose} fullScreen={narrow} title={t('dialog.title')}>
      <HoldFields cameraIds={cameraIds} from={from} to={to} onClose={onClose} />
    </Modal>
  );
}

function HoldFields({ cameraIds, from, to, onClose }: HoldDialogProps) {
  const { t } = useTranslation(['holds', 'common']);
  const { city } = useSession();
  const format = useFormat();
  const hubNow = useHubNow();
  const zone = useMemo(() => cityZone(city.timeZone), [city.timeZone]);
  const nameOf = useDeviceNames(cameraIds);
  const [basis, setBasis] = useState('');
  const [typedUntil, setTypedUntil] = useState<string | null>(null);
  const [ahead, setAhead] = useState('0');
  const [tried, setTried] = useState(false);
  const end = Math.max(to, Number(ahead) > 0 ? hubNowRounded(hubNow) + Number(ahead) : to);
  const range = { cameraIds, from: Math.floor(from), to: Math.ceil(end) };
  const preview = useHoldPreview(range);
  const { add } = useHoldChanges();
  const quota = preview.data?.quota;
  const untilDay = typedUntil ?? (quota ? dayAfter(hubNow(), quota.defaultDays, zone) : '');
  const until = cityMoment(`${untilDay}T23:59`, zone);
  const requested = preview.data?.as === 'requested';
  const basisWrong = basis.trim() === '';

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (basisWrong || until === undefined) return;
    add.mutate(
      { ...range, until, basis: basis.trim() },
      {
        onSuccess: (hold) => {
          notifications.show({
            message:
              hold.state === 'requested'
                ? t('dialog.requested-done', { time: format.minute(hold.keptUntil) })
                : t('dialog.held-done', { time: format.minute(hold.keptUntil) }),
          });
          onClose();
        },
      },
    );
  };
  return (
    <form onSubmit={submit} noValidate data-testid="hold-dialog">
      <Stack gap="md">
        <div>
          <StretchText names={cameraIds.map(nameOf)} from={from} to={end} />
          <Text size="xs" c="dimmed">
            {format.duration(end - from)}
          </Text>
        </div>
        {reachesNow(to, hubNow()) && (
          <Select
            label={t('dialog.ahead')}
            description={t('dialog.ahead-hint')}
            data={AHEAD_CHOICES.map((ms) => ({
              value: String(ms),
              label:
                ms === 0 ? t('dialog.ahead-no') : t('dialog.ahead-more', { duration: format.duration(ms) }),
            }))}
            value={ahead}
            onChange={(value) => setAhead(value ?? '0')}
            allowDeselect={false}
          />
        )}
        <Textarea
          label={t('dialog.basis')}
          placeholder={t('dialog.basis-placeholder')}
          description={t('dialog.basis-hint')}
          autosize
          minRows={1}
          maxLength={300}
          required
          value={basis}
          onChange={(event) => setBasis(event.currentTarget.value)}
          error={tried && basisWrong ? t('dialog.basis-wrong') : undefined}
          data-autofocus
          data-testid="hold-basis"
        />
        <DayField
          label={t('dialog.until')}
          description={quota ? t('dialog.until-hint', { days: quota.maxDays }) : undefined}
          value={untilDay}
          onChange={setTypedUntil}
          error={tried && until === undefined ? t('dialog.until-wrong') : undefined}
          data-testid="hold-until"
        />
        {requested && (
          <Alert
            color="yellow"
            icon={<IconClockShield size={18} aria-hidden />}
            styles={{ label: { color: 'var(--mantine-color-text)' } }}
            title={t('dialog.request-title')}
          >
            {t('dialog.request-does')}
          </Alert>
        )}
        <HoldPreviewText preview={preview} />
        <DialogEnd error={add.error} onClose={onClose}>
          <Button type="submit" loading={add.isPending} disabled={preview.isError} data-testid="hold-submit">
            {t(requested ? 'dialog.request' : 'dialog.hold')}
          </Button>
        </DialogEnd>
      </Stack>
    </form>
  );
}

/** To the minute, so that what is asked does not change with every picture drawn. */
const hubNowRounded = (hubNow: () => number): number => Math.ceil(hubNow() / 60_000) * 60_000;
