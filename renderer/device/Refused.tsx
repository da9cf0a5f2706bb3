import { Alert, Button, Code, CopyButton, Group, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconChevronDown, IconChevronUp, IconCopy } from '@tabler/icons-react';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DeviceHealth } from '../../main/contract/health.ts';
import { type QuarantineEntry, QuarantineReasons } from '../../main/contract/quarantine.ts';
import { useQuarantine } from '../hub/devices.ts';
import { ErrorState, Loading } from '../ui/states.tsx';
import { useFormat } from '../ui/useFormat.ts';

/** Messages of the device that did not count: how many and why, and on demand what it sent, for whoever mends it. */
export function Refused({ deviceId, malformed }: { deviceId: string; malformed: DeviceHealth['malformed'] }) {
  const { t } = useTranslation('quarantine');
  const format = useFormat();
  const [open, setOpen] = useState(false);
  const listId = useId();
  const { count, lastAt, lastReason } = malformed;
  if (count === 0 || lastAt === null) return null;
  const [word = '', place] = (lastReason ?? '').split(' ');
  const reason = QuarantineReasons.find((known) => known === word) ?? 'other';
  const why = [t(`reason.${reason}`), place].filter(Boolean).join(' ');
  return (
    <Alert color="yellow" icon={<IconAlertTriangle size={18} aria-hidden />} data-testid="refused">
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        {t('told', { count, time: format.dateTime(lastAt), why })}
      </Text>
      <Button
        mt="xs"
        size="xs"
        variant="default"
        aria-expanded={open}
        aria-controls={listId}
        rightSection={
          open ? <IconChevronUp size={14} aria-hidden /> : <IconChevronDown size={14} aria-hidden />
        }
        onClick={() => setOpen(!open)}
      >
        {t(open ? 'hide' : 'show')}
      </Button>
      <div id={listId}>{open && <RefusedList deviceId={deviceId} />}</div>
    </Alert>
  );
}

function RefusedList({ deviceId }: { deviceId: string }) {
  const { t } = useTranslation('quarantine');
  const { data, error, refetch } = useQuarantine(deviceId);
  if (error) return <ErrorState error={error} retry={() => void refetch()} compact />;
  if (!data) return <Loading />;
  if (data.entries.length === 0)
    return (
      <Text mt="sm" size="sm">
        {t('not-kept')}
      </Text>
    );
  return (
    <Stack gap="md" mt="sm">
      {data.entries.map((entry) => (
        <Entry key={`${entry.tongue} ${entry.reason}`} entry={entry} />
      ))}
      <Group gap="sm">
        <CopyButton value={JSON.stringify({ device: deviceId, ...data }, null, 2)}>
          {({ copied, copy }) => (
            <Button
              size="xs"
              variant="default"
              leftSection={<IconCopy size={14} aria-hidden />}
              onClick={copy}
            >
              {t(copied ? 'copied' : 'copy')}
            </Button>
          )}
        </CopyButton>
        <Text size="xs" c="dimmed">
          {t('hidden')}
        </Text>
      </Group>
    </Stack>
  );
}

function Entry({ entry }: { entry: QuarantineEntry }) {
  const { t } = useTranslation('quarantine');
  const format = useFormat();
  const { tongue, reason, count, firstAt, lastAt, topic, place, detail, sample } = entry;
  const notes = [sample?.cut && t('cut'), sample?.form === 'hex' && t('hex')].filter(Boolean).join(', ');
  return (
    <section data-testid="refused-entry">
      <Text size="sm" fw={600}>
        {t(`reason.${reason}`)} {t('times', { count })}
      </Text>
      <Text size="xs" c="dimmed">
        {count > 1
          ? t('span', { first: format.dateTime(firstAt), last: format.dateTime(lastAt) })
          : format.dateTime(lastAt)}
      </Text>
      <Line name={t('topic')} value={topic} />
      <Line name={t('dialect')} value={tongue === 'kalancha' ? t('own') : tongue} />
      <Line name={t('place')} value={place} />
      <Line name={t('expected')} value={detail} />
      {sample === null ? (
        <Text size="xs">{t('no-sample')}</Text>
      ) : (
        sample.text !== '' && (
          <>
            <Text size="xs" mt={4}>
              {[t('sample', { count: sample.bytes }), notes].filter(Boolean).join(', ')}
            </Text>
            <Code
              block
              fz="xs"
              style={{
                whiteSpace: 'pre-wrap',
                overflowWrap: 'anywhere',
                maxHeight: '14rem',
                overflowY: 'auto',
              }}
              tabIndex={0}
            >
              {sample.text}
            </Code>
          </>
        )
      )}
    </section>
  );
}

function Line({ name, value }: { name: string; value: string | null }) {
  if (value === null || value === '') return null;
  return (
    <Text size="xs" style={{ overflowWrap: 'anywhere' }}>
      {name}: <Code fz="xs">{value}</Code>
    </Text>
  );
}
