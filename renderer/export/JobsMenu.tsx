import { Group, Stack, Text } from '@mantine/core';
import { IconListCheck } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Job } from '../../main/contract/device.ts';
import { useSession } from '../hub/session.tsx';
import { HeaderMenu } from '../ui/HeaderMenu.tsx';
import { useFormat } from '../ui/useFormat.ts';
import { ExportList } from './ExportList.tsx';
import { useExportNotes } from './useExportNotes.ts';
import { useJobs } from './useJobs.ts';

/** Where background work is found again, from every screen. Nobody sees it who cannot start any. */
export function JobsMenu() {
  const { can } = useSession();
  return can('video.export') || can('device.edit') ? <Jobs /> : null;
}

function Jobs() {
  const { t } = useTranslation('export');
  const { can } = useSession();
  const [opened, setOpened] = useState(false);
  const jobs = useJobs();
  useExportNotes(can('video.export'));
  const running = jobs.data?.filter(({ state }) => state === 'running').length ?? 0;
  const others = jobs.data?.filter(({ kind }) => kind !== 'video-export') ?? [];
  const label = running > 0 ? t('jobs-running', { count: running }) : t('jobs');
  return (
    <HeaderMenu
      label={label}
      title={t('jobs')}
      icon={<IconListCheck size={21} aria-hidden />}
      active={running}
      opened={opened}
      onChange={setOpened}
      testId="jobs"
    >
      <Stack gap="sm">
        {can('video.export') && (
          <section>
            <Text fw={600} size="sm" mb={6}>
              {t('list')}
            </Text>
            <ExportList />
          </section>
        )}
        {(others.length > 0 || !can('video.export')) && (
          <section>
            <Text fw={600} size="sm" mb={6}>
              {t('other-jobs')}
            </Text>
            {others.length === 0 && (
              <Text size="sm" c="dimmed">
                {t('no-jobs')}
              </Text>
            )}
            {others.map((job) => (
              <JobLine key={job.id} job={job} />
            ))}
          </section>
        )}
      </Stack>
    </HeaderMenu>
  );
}

function JobLine({ job }: { job: Job }) {
  const { t } = useTranslation('export');
  const format = useFormat();
  return (
    <Group justify="space-between" gap="xs" wrap="nowrap">
      <Text size="sm">{t(`job.${job.kind}`)}</Text>
      <Text size="xs" c="dimmed">
        {t(`job.${job.state}`)}
        {job.state === 'running' && job.progress !== null && ` ${format.percent(job.progress)}`}
        {job.endedAt !== null && ` · ${format.time(job.endedAt)}`}
      </Text>
    </Group>
  );
}
