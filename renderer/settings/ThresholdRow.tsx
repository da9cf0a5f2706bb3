import { Button, Group, NumberInput, Stack, Switch, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ThresholdPreview } from '../../main/contract/thresholds.ts';
import { unitOf, useMetricText } from '../charts/useMetricText.ts';
import { useErrorText } from '../ui/useErrorText.ts';
import { useFormat } from '../ui/useFormat.ts';
import { faultsOf, inputOf, keyOf, type ThresholdDraft } from './threshold-draft.ts';
import { useThresholdPreview } from './useThresholds.ts';

interface ThresholdRowProps {
  threshold: ThresholdDraft;
  onChange: (change: Partial<ThresholdDraft>) => void;
  onRemove: () => void;
}

/** One threshold: its levels, and what they would have raised last week. */
export function ThresholdRow({ threshold, onChange, onRemove }: ThresholdRowProps) {
  const { t } = useTranslation(['thresholds', 'charts']);
  const errorText = useErrorText();
  const preview = useThresholdPreview();
  const input = inputOf(threshold);
  const faults = faultsOf(threshold);
  const what = `${t(`charts:full.${threshold.metric}`)} ${t(`side.${threshold.side}`)}`;
  // A preview speaks of the levels that it was asked for, not of those typed since.
  const change = (next: Partial<ThresholdDraft>) => {
    preview.reset();
    onChange(next);
  };
  const field = (name: 'raise' | 'clear' | 'reports') => ({
    label: t(name),
    size: 'xs' as const,
    w: name === 'reports' ? 130 : 110,
    value: threshold[name] ?? '',
    error: faults[name] && t(faults[name]),
    disabled: !threshold.enabled,
    onChange: (value: number | bigint | string) =>
      change({ [name]: typeof value === 'number' ? value : null }),
  });
  return (
    <Stack gap={6} data-testid="threshold" data-key={keyOf(threshold)}>
      <Group justify="space-between" gap="xs">
        <Switch
          size="sm"
          label={what}
          aria-label={t('on', { what })}
          checked={threshold.enabled}
          onChange={(event) => onChange({ enabled: event.currentTarget.checked })}
        />
        {threshold.fresh && (
          <Button size="compact-xs" variant="subtle" color="gray" onClick={onRemove}>
            {t('remove')}
          </Button>
        )}
      </Group>
      <Group gap="sm" align="flex-start">
        <Level {...field('raise')} metric={threshold.metric} />
        <Level {...field('clear')} metric={threshold.metric} />
        <NumberInput {...field('reports')} allowDecimal={false} min={1} max={100} />
        <Button
          size="xs"
          mt={21}
          variant="default"
          disabled={!input}
          loading={preview.isPending}
          onClick={() => input && preview.mutate(input)}
        >
          {t('preview')}
        </Button>
      </Group>
      {preview.data && <PreviewText found={preview.data} />}
      {preview.isError && (
        <Text size="sm" c="var(--mantine-color-error)" role="alert">
          {errorText(preview.error)}
        </Text>
      )}
    </Stack>
  );
}

type LevelProps = Parameters<typeof NumberInput>[0] & { metric: ThresholdDraft['metric'] };

/** A level in the unit of its metric. */
function Level({ metric, ...props }: LevelProps) {
  const text = useMetricText();
  const format = useFormat();
  // The unit is what is left of a worded value without its number.
  const unit = text(unitOf(metric), 1, 0).replace(format.number(1), '');
  return <NumberInput {...props} hideControls decimalScale={1} suffix={unit} />;
}

function PreviewText({ found }: { found: ThresholdPreview }) {
  const { t } = useTranslation('thresholds');
  const format = useFormat();
  const { devices, looked, all, raised, hours, days } = found;
  const words = { days: format.number(Math.max(days, 0.1), 1), looked: format.number(looked) };
  return (
    <Text size="sm" role="status" data-testid="threshold-preview">
      {devices === 0
        ? t(days === 0 ? 'found-nothing' : 'found-none', words)
        : t('found', {
            ...words,
            count: devices,
            raised: format.number(raised),
            hours: format.number(hours, 1),
          })}{' '}
      {looked < all && `${t('sample', { looked: words.looked, all: format.number(all) })} `}
      {days > 0 && (
        <Text span inherit c="dimmed">
          {t('estimate')}
        </Text>
      )}
    </Text>
  );
}
