import { Button, Modal, Select, Stack, Text, Textarea } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Scope } from '../../main/contract/access.ts';
import { ScopeField } from '../access/ScopeField.tsx';
import { DialogEnd } from '../ui/DialogEnd.tsx';
import { useFormat } from '../ui/useFormat.ts';
import { useMaintenanceChanges } from './useIncidents.ts';

const HOURS = [1, 2, 4, 8, 24, 72] as const;
const HOUR_MS = 3_600_000;

interface MaintenanceDialogProps {
  /** Where, as far as it is known already. */
  scope?: Scope;
  onClose: () => void;
}

/** Announces work: from now, for so many hours, at these devices. */
export function MaintenanceDialog({ scope, onClose }: MaintenanceDialogProps) {
  const { t } = useTranslation(['incidents', 'common']);
  const format = useFormat();
  const { add } = useMaintenanceChanges();
  const [type, setType] = useState<Scope['type']>(scope?.type ?? 'device');
  const [id, setId] = useState(scope && scope.type !== 'city' ? scope.id : '');
  const [hours, setHours] = useState<number>(2);
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const noScope = type !== 'city' && id === '';
  const noReason = reason.trim() === '';
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (noScope || noReason) return;
    const from = Date.now();
    const until = from + hours * HOUR_MS;
    add.mutate(
      { scope: type === 'city' ? { type } : { type, id }, from, until, reason: reason.trim() },
      {
        onSuccess: () => {
          notifications.show({ message: t('work.done', { time: format.minute(until) }) });
          onClose();
        },
      },
    );
  };
  return (
    <Modal opened onClose={onClose} title={t('work.add')}>
      <form onSubmit={submit} noValidate>
        <Stack>
          <Text size="sm">{t('work.does')}</Text>
          <ScopeField
            type={type}
            id={id}
            onChange={(nextType, nextId) => {
              setType(nextType);
              setId(nextId);
            }}
            error={tried && noScope ? t('work.scope-wrong') : undefined}
          />
          <Select
            label={t('work.length')}
            data={HOURS.map((count) => ({ value: String(count), label: t('work.hours', { count }) }))}
            value={String(hours)}
            onChange={(value) => setHours(Number(value ?? 2))}
            allowDeselect={false}
          />
          <Textarea
            label={t('work.reason')}
            placeholder={t('work.reason-placeholder')}
            autosize
            maxLength={2_000}
            required
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
            error={tried && noReason ? t('work.reason-wrong') : undefined}
            data-testid="maintenance-reason"
          />
          <DialogEnd error={add.error} onClose={onClose}>
            <Button type="submit" loading={add.isPending} data-testid="maintenance-confirm">
              {t('work.confirm')}
            </Button>
          </DialogEnd>
        </Stack>
      </form>
    </Modal>
  );
}
