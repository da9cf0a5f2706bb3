import { Badge, Button, Code, Group, Paper, Progress, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DiskState, DiskStatus } from '../../main/contract/recording.ts';
import { Facts } from '../device/Facts.tsx';
import { useFormat } from '../ui/useFormat.ts';
import { AcceptDiskDialog } from './AcceptDiskDialog.tsx';
import { DiskFindings } from './DiskFindings.tsx';
import { diskAdvice, roomWords } from './disk-advice.ts';

const COLORS: Record<DiskState, string> = {
  'in-use': 'teal',
  filling: 'yellow',
  full: 'red',
  failing: 'red',
  missing: 'red',
};

/** One disk: what is wrong and what to do first, figures after. */
export function DiskCard({ disk }: { disk: DiskStatus }) {
  const { t } = useTranslation('disks');
  const format = useFormat();
  const [accepting, setAccepting] = useState(false);
  const advice = diskAdvice(disk);
  const room = roomWords(disk.roomHours);
  const there = disk.state !== 'missing';
  const limit = disk.maxBytes ?? (disk.freeBytes === null ? null : disk.bytes + disk.freeBytes);
  const used = !there || limit === null || limit === 0 ? null : Math.min(100, (disk.bytes / limit) * 100);
  return (
    <Paper withBorder p="md" component="article" data-testid={`disk-${disk.place}`} data-state={disk.state}>
      <Stack gap="xs">
        <Group justify="space-between" wrap="nowrap">
          <Title order={3} size="h4">
            {t('disk', { place: disk.place })}
          </Title>
          <Badge color={COLORS[disk.state]} variant={advice === null ? 'light' : 'filled'} autoContrast>
            {advice === null
              ? t(`state.${disk.state}`)
              : t('strip-since', { state: t(`state.${disk.state}`), time: format.minute(disk.since) })}
          </Badge>
        </Group>
        {advice !== null && (
          <Text size="sm" role="alert" fw={500}>
            {t(`todo.${advice}`)}
          </Text>
        )}
        {used !== null && (
          <Progress value={used} color={COLORS[disk.state]} aria-label={t('footage')} size="sm" />
        )}
        <Facts
          facts={[
            { name: t('folder'), value: <Code>{disk.folder}</Code> },
            {
              name: t('room'),
              value:
                disk.state !== 'in-use' && disk.state !== 'filling'
                  ? null
                  : room.unit === 'unknown'
                    ? t('room-unknown')
                    : room.unit === 'hours'
                      ? t('room-hours', { hours: format.number(room.amount, 1) })
                      : t('room-days', { days: format.number(room.amount) }),
            },
            {
              name: t('free'),
              value: there && (disk.freeBytes === null ? t('free-unknown') : format.bytes(disk.freeBytes)),
            },
            {
              name: t('footage'),
              value:
                disk.heldBytes > 0
                  ? `${format.bytes(disk.bytes)}, ${t('held', { bytes: format.bytes(disk.heldBytes) })}`
                  : format.bytes(disk.bytes),
            },
            { name: t('limit'), value: disk.maxBytes === null ? null : format.bytes(disk.maxBytes) },
            { name: t('rate'), value: there && t('per-second', { bytes: format.bytes(disk.writeRate) }) },
            { name: t('cameras'), value: there && format.number(disk.cameras) },
            { name: t('said'), value: disk.problem === null ? null : <Code>{disk.problem}</Code> },
            { name: t('next-try'), value: disk.nextTryAt === null ? null : format.time(disk.nextTryAt) },
          ]}
        />
        <DiskFindings findings={disk.findings} count={disk.findingCount} />
        {disk.state === 'missing' && disk.reason !== 'named-twice' && (
          <Group>
            <Button variant="default" onClick={() => setAccepting(true)}>
              {t('accept')}
            </Button>
          </Group>
        )}
      </Stack>
      {accepting && <AcceptDiskDialog disk={disk} onClose={() => setAccepting(false)} />}
    </Paper>
  );
}
