import { Button, Group, Loader, Select, Stack, Text, Title } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { DeviceKind } from '../../main/contract/device.ts';
import type { Threshold } from '../../main/contract/thresholds.ts';
import { ErrorState } from '../ui/states.tsx';
import { useErrorText } from '../ui/useErrorText.ts';
import { Section } from './Section.tsx';
import { ThresholdRow } from './ThresholdRow.tsx';
import { choices, draftOf, inputOf, keyOf, type ThresholdDraft } from './threshold-draft.ts';
import { useSaveThresholds, useThresholds } from './useThresholds.ts';

/** Beyond which measurements a device is not well. */
export function ThresholdSection() {
  const { t } = useTranslation('thresholds');
  const { data, error, refetch } = useThresholds();
  return (
    <Section title={t('title')} what={t('what')}>
      {data ? (
        <Editor stored={data} />
      ) : error ? (
        <ErrorState error={error} retry={() => void refetch()} />
      ) : (
        <Loader size="sm" />
      )}
    </Section>
  );
}

function Editor({ stored }: { stored: readonly Threshold[] }) {
  const { t } = useTranslation(['thresholds', 'common']);
  const errorText = useErrorText();
  const save = useSaveThresholds();
  const [edited, setEdited] = useState<readonly ThresholdDraft[] | null>(null);
  const drafts = edited ?? stored.map(draftOf);
  const inputs = drafts.flatMap((draft) => inputOf(draft) ?? []);
  const change = (key: string, next: Partial<ThresholdDraft>) =>
    setEdited(drafts.map((draft) => (keyOf(draft) === key ? { ...draft, ...next } : draft)));
  return (
    <Stack gap="lg">
      {DeviceKind.options.map((kind) => {
        const ofKind = drafts.filter((draft) => draft.kind === kind);
        return (
          ofKind.length > 0 && (
            <Stack key={kind} gap="md">
              <Title order={3} size="h4">
                {t(`common:kinds.${kind}`)}
              </Title>
              {ofKind.map((draft) => (
                <ThresholdRow
                  key={keyOf(draft)}
                  threshold={draft}
                  onChange={(next) => change(keyOf(draft), next)}
                  onRemove={() => setEdited(drafts.filter((one) => keyOf(one) !== keyOf(draft)))}
                />
              ))}
            </Stack>
          )
        );
      })}
      <Adder taken={drafts} onAdd={(draft) => setEdited([...drafts, draft])} />
      {edited && (
        <Group gap="xs">
          <Button
            loading={save.isPending}
            disabled={inputs.length < drafts.length}
            onClick={() =>
              save.mutate(inputs, {
                onSuccess: () => {
                  setEdited(null);
                  notifications.show({ message: t('saved') });
                },
              })
            }
          >
            {t('save')}
          </Button>
          <Button variant="default" onClick={() => setEdited(null)}>
            {t('revert')}
          </Button>
          {inputs.length < drafts.length && <Text size="sm">{t('faults')}</Text>}
        </Group>
      )}
      {save.isError && (
        <Text size="sm" c="var(--mantine-color-error)" role="alert">
          {errorText(save.error)}
        </Text>
      )}
    </Stack>
  );
}

interface AdderProps {
  taken: readonly ThresholdDraft[];
  onAdd: (draft: ThresholdDraft) => void;
}

const SIDES = ['above', 'below'] as const;
const REPORTS = 5;

function Adder({ taken, onAdd }: AdderProps) {
  const { t } = useTranslation(['thresholds', 'charts', 'common']);
  const [metric, setMetric] = useState<string | null>(null);
  const [side, setSide] = useState<(typeof SIDES)[number]>('above');
  const chosen = choices.find((choice) => `${choice.kind} ${choice.metric}` === metric);
  const exists = chosen !== undefined && taken.some((one) => keyOf(one) === keyOf({ ...chosen, side }));
  return (
    <Group gap="sm" align="flex-end">
      <Select
        size="xs"
        label={t('new-metric')}
        data={DeviceKind.options.map((kind) => ({
          group: t(`common:kinds.${kind}`),
          items: choices
            .filter((choice) => choice.kind === kind)
            .map((choice) => ({
              value: `${kind} ${choice.metric}`,
              label: t(`charts:full.${choice.metric}`),
            })),
        }))}
        value={metric}
        onChange={setMetric}
        error={exists ? t('exists') : undefined}
        searchable
        w={240}
      />
      <Select
        size="xs"
        label={t('new-side')}
        data={SIDES.map((value) => ({ value, label: t(`sides.${value}`) }))}
        value={side}
        onChange={(text) => setSide(text === 'below' ? 'below' : 'above')}
        allowDeselect={false}
        w={220}
      />
      <Button
        size="xs"
        variant="default"
        disabled={!chosen || exists}
        onClick={() => {
          if (!chosen) return;
          onAdd({ ...chosen, side, raise: null, clear: null, reports: REPORTS, enabled: true, fresh: true });
          setMetric(null);
        }}
      >
        {t('add')}
      </Button>
    </Group>
  );
}
