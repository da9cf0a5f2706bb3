import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ExportCard } from './ExportCard.tsx';
import { ExportForm } from './ExportForm.tsx';
import { useExports } from './exports.ts';

export interface ExportDialogProps {
  /** Cameras to choose from, all chosen at first. */
  cameraIds: string[];
  /** UTC ms; `to` is exclusive. */
  from: number;
  to: number;
  onClose(): void;
}

/** Asks for a copy of a range, then shows how it comes along. Closing leaves the export going on. */
export function ExportDialog({ cameraIds, from, to, onClose }: ExportDialogProps) {
  const { t } = useTranslation(['export', 'common']);
  const narrow = useMediaQuery('(max-width: 48em)') ?? false;
  const [startedId, setStartedId] = useState<string | null>(null);
  const exports = useExports(startedId !== null);
  const started = exports.data?.find(({ id }) => id === startedId);
  return (
    <Modal opened onClose={onClose} size="lg" fullScreen={narrow} title={t('title')}>
      {startedId === null ? (
        <ExportForm
          cameraIds={cameraIds}
          from={from}
          to={to}
          onStarted={({ id }) => setStartedId(id)}
          onClose={onClose}
        />
      ) : (
        <Stack>
          {started && <ExportCard item={started} />}
          <Text size="sm" c="dimmed">
            {t(started?.state === 'done' ? 'proof' : 'background')}
          </Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={() => setStartedId(null)}>
              {t('another')}
            </Button>
            <Button onClick={onClose}>{t('common:close')}</Button>
          </Group>
        </Stack>
      )}
    </Modal>
  );
}
