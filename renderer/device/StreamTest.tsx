import { Alert, Button, List, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconBulb, IconCircleCheck, IconPlayerPlay } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { StreamTestResult } from '../../main/contract/video.ts';
import { hubSend } from '../hub/client.ts';
import { useErrorText } from '../ui/useErrorText.ts';
import { useFormat } from '../ui/useFormat.ts';
import classes from './device.module.css';
import { Facts } from './Facts.tsx';

interface StreamTestProps {
  /** As which stream it is to serve. */
  which: 'main' | 'second';
  url: string;
  user: string;
  password: string;
}

/** Tries the address before anything is saved: a picture, what the stream is, what to change on the camera. */
export function StreamTest({ which, url, user, password }: StreamTestProps) {
  const { t } = useTranslation(['devices', 'common']);
  const errorText = useErrorText();
  const running = useRef<AbortController | null>(null);
  const { mutate, reset, isPending, error, data } = useMutation({
    mutationFn: () => {
      running.current?.abort();
      const control = new AbortController();
      running.current = control;
      return hubSend(
        'POST',
        '/api/cameras/test',
        {
          ...{ streamUrl: url.trim(), streamUser: user.trim() || null, streamPassword: password || null },
          role: which,
        },
        StreamTestResult,
        control.signal,
      );
    },
  });
  useEffect(() => () => running.current?.abort(), []);
  // A result of another address would be a lie.
  const tested = `${url}\n${user}\n${password}`;
  useEffect(() => {
    if (tested) reset();
  }, [tested, reset]);

  return (
    <Stack gap="xs">
      <Button
        variant="light"
        size="xs"
        leftSection={<IconPlayerPlay size={15} />}
        loading={isPending}
        disabled={url.trim() === ''}
        onClick={() => mutate()}
        style={{ alignSelf: 'flex-start' }}
      >
        {t('test')}
      </Button>
      {isPending && (
        <Text size="xs" c="dimmed" role="status">
          {t('testing')}
        </Text>
      )}
      {error && (
        <Alert color="red" role="alert" p="xs" icon={<IconAlertTriangle size={18} />}>
          {errorText(error)}
        </Alert>
      )}
      {data && <Outcome result={data} />}
    </Stack>
  );
}

function Outcome({ result }: { result: StreamTestResult }) {
  const { t } = useTranslation(['devices', 'common']);
  const format = useFormat();
  const soundOf = ({ audioCodec, sound }: StreamTestResult) =>
    sound === 'made-aac' ? t('sound-made-aac', { codec: audioCodec ?? '' }) : audioCodec;
  return (
    <Stack gap="xs" role="status">
      {result.problem ? (
        <Alert color="red" p="xs" icon={<IconAlertTriangle size={18} />}>
          {t(`common:stream.${result.problem.code}`)}
          <Text size="xs" c="dimmed" mt={4} style={{ overflowWrap: 'anywhere' }}>
            {result.problem.detail}
          </Text>
        </Alert>
      ) : (
        <Alert color="teal" p="xs" icon={<IconCircleCheck size={18} />}>
          {t('test-ok')}
        </Alert>
      )}
      {result.pictureJpeg && (
        <img
          className={classes.picture}
          src={`data:image/jpeg;base64,${result.pictureJpeg}`}
          alt={t('test-picture')}
        />
      )}
      <Facts
        facts={[
          { name: t('codec'), value: result.codec },
          {
            name: t('picture'),
            value: result.width !== null && result.height !== null && `${result.width}×${result.height}`,
          },
          { name: t('fps'), value: result.fps !== null && format.number(result.fps, 1) },
          {
            name: t('gop'),
            value: result.gopS !== null && t('seconds', { s: format.number(result.gopS, 1) }),
          },
          { name: t('bitrate'), value: result.bitrateKbps !== null && format.bitrate(result.bitrateKbps) },
          { name: t('transport'), value: result.transport?.toUpperCase() },
          { name: t('sound'), value: soundOf(result) },
        ]}
      />
      {result.advice.length > 0 && (
        <Alert color="yellow" p="xs" icon={<IconBulb size={18} />} title={t('advice')}>
          <List size="sm" spacing={4}>
            {result.advice.map((code) => (
              <List.Item key={code}>{t(`common:advice.${code}`)}</List.Item>
            ))}
          </List>
        </Alert>
      )}
    </Stack>
  );
}
