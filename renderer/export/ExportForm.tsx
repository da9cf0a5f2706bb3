import { Alert, Button, Group, SegmentedControl, Stack, Switch, Text, Textarea } from '@mantine/core';
import { IconAlertTriangle, IconDownload } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { VideoExport } from '../../main/contract/export.ts';
import { useLanguage } from '../i18n/useLanguage.ts';
import { ErrorState, Loading } from '../ui/states.tsx';
import { useErrorText } from '../ui/useErrorText.ts';
import { useFormat } from '../ui/useFormat.ts';
import { CameraChoice } from './CameraChoice.tsx';
import { useExportChanges, useExportEstimate } from './exports.ts';

interface ExportFormProps {
  cameraIds: readonly string[];
  from: number;
  to: number;
  onStarted(item: VideoExport): void;
  onClose(): void;
}

/** What is to be copied, in which form, and why. Only what the person may take can be chosen. */
export function ExportForm({ cameraIds, from, to, onStarted, onClose }: ExportFormProps) {
  const { t } = useTranslation(['export', 'common']);
  const { language } = useLanguage();
  const format = useFormat();
  const errorText = useErrorText();
  const { start } = useExportChanges();
  const [left, setLeft] = useState<readonly string[]>([]);
  const [original, setOriginal] = useState(false);
  const [wantsSound, setWantsSound] = useState(false);
  const [basis, setBasis] = useState('');
  const [tried, setTried] = useState(false);
  const estimate = useExportEstimate({ cameraIds: [...cameraIds], from, to });
  if (estimate.isPending) return <Loading />;
  if (estimate.isError)
    return <ErrorState error={estimate.error} retry={() => void estimate.refetch()} compact />;

  const { cameras, bytes, roomBytes } = estimate.data;
  const mayAny = (right: 'marked' | 'original' | 'sound') => cameras.some(({ may }) => may[right]);
  const kind = original ? 'original' : 'marked';
  const open = cameras.filter(({ may, footageMs }) => may[kind] && footageMs > 0);
  const chosen = open.filter(({ cameraId }) => !left.includes(cameraId));
  const recordedSound = chosen.some(({ hasSound }) => hasSound);
  const maySound = chosen.every(({ may, hasSound }) => !hasSound || may.sound);
  const sound = wantsSound && recordedSound && maySound;
  const footageMs = chosen.reduce((sum, one) => sum + one.footageMs, 0);
  const allMs = cameras.reduce((sum, one) => sum + one.footageMs, 0);
  const about = allMs > 0 ? bytes[kind] * (footageMs / allMs) : 0;
  const room = about <= roomBytes;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (chosen.length === 0 || basis.trim() === '' || !room) return;
    start.mutate(
      { cameraIds: chosen.map(({ cameraId }) => cameraId), from, to, original, sound, basis, language },
      { onSuccess: onStarted },
    );
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <div>
          <Text size="sm" fw={500}>
            {t('range')}
          </Text>
          <Text size="sm" data-testid="export-range">
            {t('range-is', { from: format.dateTime(from), to: format.dateTime(to) })}
          </Text>
        </div>
        <CameraChoice
          cameras={cameras}
          kind={kind}
          left={left}
          onLeft={setLeft}
          error={tried && chosen.length === 0 ? t('cameras-none') : undefined}
        />
        {mayAny('original') && (
          <SegmentedControl
            aria-label={t('kind')}
            value={kind}
            onChange={(value) => setOriginal(value === 'original')}
            data={[
              { value: 'marked', label: t('marked') },
              { value: 'original', label: t('original') },
            ]}
          />
        )}
        <Text size="sm" c="dimmed">
          {t(`${kind}-what`)}
        </Text>
        <Switch
          label={t('sound')}
          description={!recordedSound ? t('sound-none') : !maySound ? t('sound-refused') : undefined}
          disabled={!recordedSound || !maySound}
          checked={sound}
          onChange={(event) => setWantsSound(event.currentTarget.checked)}
        />
        <Textarea
          label={t('basis')}
          placeholder={t('basis-placeholder')}
          autosize
          minRows={1}
          maxLength={300}
          required
          value={basis}
          onChange={(event) => setBasis(event.currentTarget.value)}
          error={tried && basis.trim() === '' ? t('basis-wrong') : undefined}
          data-autofocus
          data-testid="export-basis"
        />
        {footageMs > 0 && room && (
          <Text size="sm">
            {t('estimate', { bytes: format.bytes(about), length: format.duration(footageMs) })}
          </Text>
        )}
        {!room && (
          <Alert color="yellow" icon={<IconAlertTriangle size={18} />}>
            {t('no-room', { room: format.bytes(roomBytes) })}
          </Alert>
        )}
        {allMs === 0 && (
          <Alert color="yellow" icon={<IconAlertTriangle size={18} />}>
            {t('nothing')}
          </Alert>
        )}
        {start.isError && (
          <Alert color="red" icon={<IconAlertTriangle size={18} />} role="alert">
            {errorText(start.error)}
          </Alert>
        )}
        <Text size="xs" c="dimmed">
          {t('proof')}
        </Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('common:cancel')}
          </Button>
          <Button
            type="submit"
            leftSection={<IconDownload size={17} aria-hidden />}
            loading={start.isPending}
            disabled={allMs === 0}
            data-testid="export-start"
          >
            {t('start')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
