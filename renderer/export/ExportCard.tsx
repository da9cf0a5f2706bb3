import {
  ActionIcon,
  Anchor,
  Badge,
  Button,
  Group,
  Paper,
  Progress,
  Stack,
  Text,
  Tooltip,
} from '@mantine/core';
import { IconDownload, IconTrash, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ExportState, VideoExport } from '../../main/contract/export.ts';
import { HubError } from '../hub/errors.ts';
import { useErrorText } from '../ui/useErrorText.ts';
import { useFormat } from '../ui/useFormat.ts';
import { downloadPath, filePath, isGoingOn, useExportChanges } from './exports.ts';
import { VerifyHint } from './VerifyHint.tsx';

const COLOUR: Record<ExportState, string> = {
  waiting: 'gray',
  running: 'blue',
  done: 'teal',
  failed: 'red',
  cancelled: 'gray',
};

/** One export: what it holds, how far it is, and what can be done with it. */
export function ExportCard({ item }: { item: VideoExport }) {
  const { t } = useTranslation('export');
  const format = useFormat();
  const errorText = useErrorText();
  const { end } = useExportChanges();
  const [showFiles, setShowFiles] = useState(false);
  const [sure, setSure] = useState(false);
  const [first, ...others] = item.cameras;
  const going = isGoingOn(item);
  return (
    <Paper withBorder p="sm" radius="md" data-testid="export" data-state={item.state}>
      <Stack gap={8}>
        <Group justify="space-between" wrap="nowrap" align="flex-start" gap="xs">
          <div style={{ minWidth: 0 }}>
            <Text fw={600} size="sm" style={{ overflowWrap: 'anywhere' }}>
              {first?.name}
              {others.length > 0 && ` ${t('more-cameras', { count: others.length })}`}
            </Text>
            <Text size="sm">
              {t('range-is', { from: format.dateTime(item.from), to: format.dateTime(item.to) })}
            </Text>
            <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
              {[t(item.original ? 'original' : 'marked'), item.sound && t('sound'), item.basis]
                .filter(Boolean)
                .join(' · ')}
            </Text>
          </div>
          <Badge color={COLOUR[item.state]} variant="light" style={{ flexShrink: 0 }}>
            {t(`state.${item.state}`)}
          </Badge>
        </Group>
        {going && (
          <Group gap="xs" wrap="nowrap">
            <Progress
              value={item.progress * 100}
              animated={item.state === 'running'}
              flex={1}
              aria-label={t('title')}
            />
            <Text size="xs" role="status">
              {item.state === 'waiting'
                ? t('ahead', { count: item.ahead })
                : t('progress', { share: format.percent(item.progress) })}
            </Text>
            <Tooltip label={t('cancel')}>
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={t('cancel')}
                loading={end.isPending}
                onClick={() => end.mutate(item.id)}
              >
                <IconX size={17} aria-hidden />
              </ActionIcon>
            </Tooltip>
          </Group>
        )}
        {item.error && (
          <Text size="sm" c="red" role="alert">
            {errorText(new HubError(item.error.code, 0, item.error.message, item.error.params))}
          </Text>
        )}
        {end.isError && (
          <Text size="sm" c="red" role="alert">
            {errorText(end.error)}
          </Text>
        )}
        {item.archive && (
          <>
            <Group gap="xs">
              <Button
                component="a"
                href={downloadPath(item.id)}
                download={item.archive.name}
                size="xs"
                leftSection={<IconDownload size={16} aria-hidden />}
                data-testid="export-download"
              >
                {t('download-all', { bytes: format.bytes(item.archive.bytes) })}
              </Button>
              <Button
                size="xs"
                variant="default"
                onClick={() => setShowFiles(!showFiles)}
                aria-expanded={showFiles}
              >
                {t('files')}
              </Button>
              {sure ? (
                <Button
                  size="xs"
                  color="red"
                  variant="light"
                  loading={end.isPending}
                  onClick={() => end.mutate(item.id)}
                >
                  {t('remove-sure')}
                </Button>
              ) : (
                <Tooltip label={t('remove')}>
                  <ActionIcon
                    variant="subtle"
                    color="gray"
                    aria-label={t('remove')}
                    onClick={() => setSure(true)}
                  >
                    <IconTrash size={17} aria-hidden />
                  </ActionIcon>
                </Tooltip>
              )}
            </Group>
            {showFiles && (
              <Stack gap={2} component="ul" m={0} pl="md">
                {item.files.map((file) => (
                  <Text key={file.name} component="li" size="xs" style={{ overflowWrap: 'anywhere' }}>
                    <Anchor
                      href={filePath(item.id, file.name)}
                      download={file.name}
                      inherit
                      aria-label={t('download-file', { name: file.name })}
                    >
                      {file.name}
                    </Anchor>{' '}
                    {format.bytes(file.bytes)}
                  </Text>
                ))}
              </Stack>
            )}
            <VerifyHint />
            {item.keptUntil !== null && (
              <Text size="xs" c="dimmed">
                {t('kept-until', { time: format.minute(item.keptUntil) })}
              </Text>
            )}
          </>
        )}
      </Stack>
    </Paper>
  );
}
