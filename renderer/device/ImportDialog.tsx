import { Alert, Anchor, Button, FileButton, Group, Modal, Progress, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconAlertTriangle, IconFileSpreadsheet } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { type DragEvent, useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { hubFetch } from '../hub/client.ts';
import { useSaveFile } from '../ui/native.tsx';
import { ErrorState } from '../ui/states.tsx';
import { useErrorText } from '../ui/useErrorText.ts';
import { useFormat } from '../ui/useFormat.ts';
import classes from './device.module.css';
import { ImportOutcome } from './ImportOutcome.tsx';
import { sampleCsv } from './sample-csv.ts';
import { useImportJob } from './useImportJob.ts';

/** A whole city takes its time, ms. */
const EXPORT_MS = 120_000;

/** The sample as an address to download from, for as long as the dialog is open. */
function useSampleUrl(): string {
  const url = useMemo(
    () => URL.createObjectURL(new Blob([sampleCsv], { type: 'text/csv;charset=utf-8' })),
    [],
  );
  useEffect(() => () => URL.revokeObjectURL(url), [url]);
  return url;
}

/** A spreadsheet of devices into the registry: all of it, or, with a bad row, nothing, every bad row named. */
export function ImportDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(['devices', 'common']);
  const format = useFormat();
  const { send, sending, job, error, cancel, again } = useImportJob();
  const running = job?.state === 'running';
  return (
    <Modal opened onClose={onClose} title={t('import')} size="lg">
      <Stack>
        {error && <ErrorState error={error} retry={again} compact />}
        {!error && !job && <FileDrop onFile={send} sending={sending} />}
        {running && (
          <Stack gap="xs">
            <Text size="sm">
              {job.progress === null
                ? t('import-reading')
                : t('import-progress', { share: format.percent(job.progress) })}
            </Text>
            <Progress
              value={job.progress === null ? 100 : job.progress * 100}
              animated
              aria-label={t('import')}
            />
            <Text size="xs" c="dimmed">
              {t('import-background')}
            </Text>
            <Group justify="flex-end">
              <Button variant="default" onClick={cancel}>
                {t('import-cancel')}
              </Button>
            </Group>
          </Stack>
        )}
        {job && !running && (
          <>
            {job.state === 'cancelled' && (
              <Alert color="yellow" icon={<IconAlertTriangle size={18} />}>
                {t('import-cancelled')}
              </Alert>
            )}
            <ImportOutcome job={job} />
            <Group justify="flex-end" gap="xs">
              <Button variant="default" onClick={again}>
                {t('import-another')}
              </Button>
              <Button onClick={onClose}>{t('common:close')}</Button>
            </Group>
          </>
        )}
      </Stack>
    </Modal>
  );
}

function FileDrop({ onFile, sending }: { onFile: (file: File) => void; sending: boolean }) {
  const { t } = useTranslation('devices');
  const sample = useSampleUrl();
  const saveFile = useSaveFile();
  const errorText = useErrorText();
  const exporting = useMutation({
    mutationFn: async () =>
      saveFile(
        await (await hubFetch('/api/devices.csv', {}, undefined, EXPORT_MS)).blob(),
        'kalancha-devices.csv',
      ),
    onError: (failure) => notifications.show({ color: 'red', message: errorText(failure) }),
  });
  const [over, setOver] = useState(false);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const [file] = event.dataTransfer.files;
    if (file) onFile(file);
  };
  return (
    <Stack gap="sm">
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is a shortcut; the button inside does the same by keyboard */}
      <div
        className={classes.drop}
        data-over={over || undefined}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <IconFileSpreadsheet size={34} stroke={1.4} aria-hidden />
        <Text size="sm">{t('import-drop')}</Text>
        <FileButton accept=".csv,.txt,text/csv" onChange={(file) => file && onFile(file)}>
          {(props) => (
            <Button {...props} loading={sending}>
              {t('import-choose')}
            </Button>
          )}
        </FileButton>
      </div>
      <Text size="sm" c="dimmed">
        {t('import-what')}{' '}
        <Anchor href={sample} download="kalancha-devices.csv" inherit underline="always">
          {t('import-sample')}
        </Anchor>
        {' · '}
        <Anchor
          component="button"
          type="button"
          inherit
          underline="always"
          disabled={exporting.isPending}
          onClick={() => exporting.mutate()}
          data-testid="devices-csv"
        >
          {t('export-csv')}
        </Anchor>
      </Text>
    </Stack>
  );
}
