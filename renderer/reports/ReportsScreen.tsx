import { Button, Group, SegmentedControl, Select, Title } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconDownload, IconPrinter, IconRefresh } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { DeviceKind } from '../../main/contract/device.ts';
import { ReportGroups } from '../../main/contract/reports.ts';
import { useSession } from '../hub/session.tsx';
import { useLanguage } from '../i18n/useLanguage.ts';
import { useSaveFile } from '../ui/native.tsx';
import { ErrorState, Loading } from '../ui/states.tsx';
import { useErrorText } from '../ui/useErrorText.ts';
import { ReportSheet } from './ReportSheet.tsx';
import { reportRanges } from './report-range.ts';
import classes from './reports.module.css';
import { fetchReportCsv, type ReportChoice, useReport, useReportChoice } from './useReport.ts';

/** How much of the time devices worked: on screen, as CSV, on paper. */
export default function ReportsScreen() {
  const { t } = useTranslation(['reports', 'common']);
  const [choice, choose] = useReportChoice();
  const report = useReport(choice);
  const client = useQueryClient();
  return (
    <div className={classes.screen}>
      <Group justify="space-between" gap="sm" className={classes.tools}>
        <Title order={1} size="h3">
          {t('title')}
        </Title>
        <Outputs choice={choice} ready={report.data !== undefined} />
      </Group>
      <Choice choice={choice} choose={choose} />
      {report.isError && <ErrorState error={report.error} retry={() => void report.refetch()} compact />}
      {report.isFetching ? (
        <div className={classes.tools}>
          <Loading label={t('making')} />
          <Group justify="center">
            <Button
              size="xs"
              variant="default"
              onClick={() => void client.cancelQueries({ queryKey: ['report'] })}
            >
              {t('common:cancel')}
            </Button>
          </Group>
        </div>
      ) : (
        (report.isPending || report.isPlaceholderData) &&
        !report.isError && (
          <Button
            variant="default"
            leftSection={<IconRefresh size={16} aria-hidden />}
            onClick={() => void report.refetch()}
          >
            {t('make')}
          </Button>
        )
      )}
      {report.data && !report.isPlaceholderData && !report.isFetching && (
        <ReportSheet report={report.data} kind={choice.kind} />
      )}
    </div>
  );
}

interface ChoiceProps {
  choice: ReportChoice;
  choose: (change: Partial<ReportChoice>) => void;
}

function Choice({ choice, choose }: ChoiceProps) {
  const { t } = useTranslation(['reports', 'common']);
  const ranges = reportRanges.map((value) => ({ value, label: t(`range.${value}`) }));
  const chooseRange = (text: string | null) => {
    const range = reportRanges.find((one) => one === text);
    if (range) choose({ range });
  };
  return (
    <Group gap="sm" className={classes.tools}>
      <SegmentedControl
        size="xs"
        aria-label={t('range-choice')}
        data={ranges}
        value={choice.range}
        onChange={chooseRange}
        visibleFrom="sm"
      />
      <Select
        size="xs"
        aria-label={t('range-choice')}
        data={ranges}
        value={choice.range}
        onChange={chooseRange}
        allowDeselect={false}
        hiddenFrom="sm"
        className={classes.choice}
        data-testid="report-range"
      />
      <Select
        size="xs"
        aria-label={t('by-choice')}
        data={ReportGroups.map((value) => ({ value, label: t(`by.${value}`) }))}
        value={choice.by}
        onChange={(text) => {
          const by = ReportGroups.find((one) => one === text);
          if (by) choose({ by });
        }}
        allowDeselect={false}
        className={classes.choice}
      />
      <Select
        size="xs"
        aria-label={t('kind-choice')}
        placeholder={t('all-kinds')}
        data={DeviceKind.options.map((value) => ({ value, label: t(`common:kinds.${value}`) }))}
        value={choice.kind}
        onChange={(text) => choose({ kind: DeviceKind.safeParse(text).data ?? null })}
        clearable
        className={classes.choice}
      />
    </Group>
  );
}

function Outputs({ choice, ready }: { choice: ReportChoice; ready: boolean }) {
  const { t } = useTranslation('reports');
  const { timeZone } = useSession().city;
  const errorText = useErrorText();
  const saveFile = useSaveFile();
  const { language } = useLanguage();
  const csv = useMutation({
    mutationFn: async () =>
      saveFile(
        await fetchReportCsv(choice, timeZone, language),
        `availability-${choice.by}-${choice.range}.csv`,
      ),
    onError: (error) => notifications.show({ color: 'red', message: errorText(error) }),
  });
  return (
    <Group gap="xs">
      <Button
        size="xs"
        variant="default"
        leftSection={<IconDownload size={15} aria-hidden />}
        loading={csv.isPending}
        onClick={() => csv.mutate()}
      >
        {t('csv')}
      </Button>
      <Button
        size="xs"
        variant="default"
        leftSection={<IconPrinter size={15} aria-hidden />}
        disabled={!ready}
        onClick={() => window.print()}
      >
        {t('print')}
      </Button>
    </Group>
  );
}
