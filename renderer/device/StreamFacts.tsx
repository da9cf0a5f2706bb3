import { Alert, Stack } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { StreamFacts as StreamFactsType } from '../../main/contract/video.ts';
import { Ago } from '../ui/DateTime.tsx';
import { useFormat } from '../ui/useFormat.ts';
import { type Fact, Facts } from './Facts.tsx';

interface StreamFactsProps {
  title: string;
  host: string | null;
  /** Undefined while it is not known yet. */
  stream: StreamFactsType | undefined;
  /** What else stands under this stream. */
  more?: readonly Fact[];
}

/** One stream of a camera: how it does, what it is, and what is wrong with it. */
export function StreamFacts({ title, host, stream, more = [] }: StreamFactsProps) {
  const { t } = useTranslation(['devices', 'common']);
  const format = useFormat();
  return (
    <Stack gap="xs">
      {stream?.problem && (
        <Alert
          color={stream.state === 'running' ? 'yellow' : 'red'}
          icon={<IconAlertTriangle size={18} />}
          p="xs"
        >
          {t(`common:stream.${stream.problem.code}`)}
          {stream.state === 'running' && ` ${t('recovered')}`}
        </Alert>
      )}
      <Facts
        title={title}
        facts={[
          { name: t('stream-state'), value: stream && t(`stream-states.${stream.state}`) },
          {
            name: t('picture'),
            value:
              stream?.format &&
              `${stream.format.width}×${stream.format.height}, ${codecName(stream.format.codec)}`,
          },
          { name: t('fps'), value: stream?.fps != null && format.number(stream.fps, 1) },
          { name: t('bitrate'), value: stream?.bitrateKbps != null && format.bitrate(stream.bitrateKbps) },
          {
            name: t('gop'),
            value: stream?.gopS != null && t('seconds', { s: format.number(stream.gopS, 1) }),
          },
          { name: t('transport'), value: stream?.transport?.toUpperCase() },
          {
            name: t('recording'),
            value: stream && (stream.recording ? t('recording-on') : t('recording-off')),
          },
          { name: t('restarts'), value: stream && stream.restarts > 0 && format.number(stream.restarts) },
          {
            name: t('next-attempt'),
            value: stream?.nextAttemptAt != null && <Ago at={stream.nextAttemptAt} />,
          },
          { name: t('stream-host'), value: host },
          ...more,
        ]}
      />
    </Stack>
  );
}

/** The codec as people call it, with its technical name behind. */
function codecName(codec: string): string {
  const common = { avc1: 'H.264', hvc1: 'H.265', mp4a: 'AAC' }[codec.slice(0, 4)];
  return common === undefined ? codec : `${common} (${codec})`;
}
