import { Button, Group, SegmentedControl, Stack, Text } from '@mantine/core';
import { IconZoomReset } from '@tabler/icons-react';
import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DeviceKind } from '../../main/contract/device.ts';
import { type ChartSeries, MAX_CHART_RANGE_MS, type Chart as Measured } from '../../main/contract/history.ts';
import { Chart } from '../ui/Chart.tsx';
import type { ChartLine } from '../ui/chart-data.ts';
import { ErrorState, Loading } from '../ui/states.tsx';
import { type ChartGroup, type ChartRange, chartGroups, chartRanges, isChartRange } from './chart-groups.ts';
import classes from './charts.module.css';
import { type Stretch, useChart } from './useChart.ts';
import { unitOf, useMetricText } from './useMetricText.ts';

interface DeviceChartsProps {
  deviceId: string;
  kind: DeviceKind;
}

/** The shortest stretch that can be chosen, ms: a report comes every half minute. */
const SHORTEST_MS = 5 * 60_000;

/** How a device's measurements went: an hour, a day, a week, a year, or a stretch chosen in a chart. */
export function DeviceCharts({ deviceId, kind }: DeviceChartsProps) {
  const { t } = useTranslation('charts');
  const [range, setRange] = useState<ChartRange>('day');
  const [stretch, setStretch] = useState<Stretch | null>(null);
  const zoom = useCallback((from: number, to: number) => {
    const middle = (from + to) / 2;
    const half = Math.min(Math.max(to - from, SHORTEST_MS), MAX_CHART_RANGE_MS) / 2;
    setStretch({ from: Math.round(middle - half), to: Math.round(middle + half) });
  }, []);
  return (
    <Stack gap="sm" data-testid="device-charts">
      <Group gap="xs">
        <SegmentedControl
          size="xs"
          aria-label={t('range-choice')}
          data={Object.keys(chartRanges)
            .filter(isChartRange)
            .map((value) => ({ value, label: t(`ranges.${value}`) }))}
          value={stretch ? '' : range}
          onChange={(value) => {
            if (!isChartRange(value)) return;
            setStretch(null);
            setRange(value);
          }}
        />
        {stretch ? (
          <Button
            size="compact-xs"
            variant="subtle"
            leftSection={<IconZoomReset size={15} aria-hidden />}
            onClick={() => setStretch(null)}
          >
            {t('zoom-reset')}
          </Button>
        ) : (
          <Text size="xs" c="dimmed" visibleFrom="sm">
            {t('zoom-how')}
          </Text>
        )}
      </Group>
      <div className={classes.charts}>
        {chartGroups[kind].map((groups) => (
          <Batch
            key={groups.map(({ id }) => id).join()}
            {...{ deviceId, groups, range, stretch }}
            onZoom={zoom}
          />
        ))}
      </div>
    </Stack>
  );
}

interface BatchProps {
  deviceId: string;
  groups: readonly ChartGroup[];
  range: ChartRange;
  stretch: Stretch | null;
  onZoom: (from: number, to: number) => void;
}

/** Charts that are asked for at once. */
function Batch({ deviceId, groups, range, stretch, onZoom }: BatchProps) {
  const { t } = useTranslation('charts');
  const metrics = useMemo(() => groups.flatMap((group) => group.metrics), [groups]);
  const { data, error, isPending, refetch, isPlaceholderData } = useChart(deviceId, metrics, range, stretch);
  if (isPending) return <Loading />;
  if (!data) return <ErrorState error={error} retry={() => void refetch()} compact />;
  const said = groups.filter((group) => seriesOf(data, group).length > 0);
  const silent = groups.filter((group) => !said.includes(group));
  return (
    <>
      {error && <ErrorState error={error} retry={() => void refetch()} compact />}
      {said.map((group) => (
        <div key={group.id} data-old={isPlaceholderData || undefined} className={classes.one}>
          <GroupChart group={group} data={data} syncKey={`history-${deviceId}`} onZoom={onZoom} />
        </div>
      ))}
      {silent.length > 0 && (
        <Text size="sm" c="dimmed" className={classes.silent}>
          {t('silent', { what: silent.map(({ id }) => t(`group.${id}`)).join(', ') })}
        </Text>
      )}
    </>
  );
}

/** The measurements of a group that were reported at all: a point without a 6 GHz radio has no line for it. */
const seriesOf = (data: Measured, group: ChartGroup): ChartSeries[] =>
  group.metrics.flatMap((metric) =>
    data.series.filter((series) => series.metric === metric && series.avg.some((value) => value !== null)),
  );

interface GroupChartProps {
  group: ChartGroup;
  data: Measured;
  syncKey: string;
  onZoom: (from: number, to: number) => void;
}

function GroupChart({ group, data, syncKey, onZoom }: GroupChartProps) {
  const { t } = useTranslation('charts');
  const text = useMetricText();
  const unit = unitOf(group.metrics[0] ?? '');
  const value = useCallback(
    (number: number, digits: number) => text(unit, number, group.stepped ? 0 : digits),
    [text, unit, group],
  );
  const lines = useMemo<ChartLine[]>(
    () =>
      seriesOf(data, group).map(({ metric, avg, min, max }) => ({
        label: t(`metric.${metric}`),
        // Between two channels there is none: a point of both shows the later number.
        ...(group.stepped ? { avg: max, min: max, max, stepped: true } : { avg, min, max }),
      })),
    [data, group, t],
  );
  const { from, to, stepMs } = data;
  return (
    <Chart
      title={t(`group.${group.id}`)}
      {...{ from, to, stepMs, lines, value, syncKey, onZoom }}
      scale={group.scale}
    />
  );
}
