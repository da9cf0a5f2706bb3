import { Alert, Anchor, Button, Group, Stack, Text } from '@mantine/core';
import { IconPlayerPause, IconPlayerPlay, IconPlayerStop } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { CommandRun } from '../../main/contract/command-runs.ts';
import { ErrorState, Loading } from '../ui/states.tsx';
import { useErrorText } from '../ui/useErrorText.ts';
import { useFormat } from '../ui/useFormat.ts';
import { CommandSteps } from './CommandSteps.tsx';
import classes from './commands.module.css';
import { RunDevices } from './RunDevices.tsx';
import { isActive, type Outcome, tally } from './run-state.ts';
import { useRun, useRunControl, useRunDevices } from './useCommands.ts';
import { useCommandWords } from './useCommandWords.ts';

/** A run as it goes on: stages, every device, and what a person may decide. */
export function RunView({ id }: { id: string }) {
  const run = useRun(id);
  if (run.isPending) return <Loading />;
  if (!run.data) return <ErrorState error={run.error} retry={() => void run.refetch()} />;
  return <Known run={run.data} />;
}

function Known({ run }: { run: CommandRun }) {
  const { t } = useTranslation('commands');
  const format = useFormat();
  const words = useCommandWords();
  const counts = tally(run.counts);
  const active = isActive(run);
  return (
    <Stack gap="sm" data-testid="command-run" data-state={run.state}>
      <Group gap="xs">
        <span className={classes.state} data-state={run.state}>
          {words.runState(run)}
        </span>
        <Text size="sm" fw={600}>
          {words.spec(run.spec)}
        </Text>
        {run.device && (
          <Anchor component={Link} size="sm" href={`/map?device=${encodeURIComponent(run.device.id)}`}>
            {run.device.name}
          </Anchor>
        )}
      </Group>
      <Text size="xs" c="dimmed">
        {t('view.asked-by', { name: run.person.name, time: format.dateTime(run.startedAt) })}
        {run.reason && ` · ${run.reason}`}
      </Text>
      <Controls run={run} />
      {counts.total === 1 ? (
        <OnlyOne id={run.id} active={active} />
      ) : (
        <>
          <Stages run={run} />
          <Share counts={counts} />
          <RunDevices run={run} />
        </>
      )}
    </Stack>
  );
}

function OnlyOne({ id, active }: { id: string; active: boolean }) {
  const { data, error, refetch } = useRunDevices(id, undefined, 1, active);
  const command = data?.items[0];
  if (command) return <CommandSteps command={command} />;
  return error ? <ErrorState error={error} retry={() => void refetch()} compact /> : <Loading />;
}

function Stages({ run }: { run: CommandRun }) {
  const { t } = useTranslation('commands');
  const format = useFormat();
  return (
    <ol className={classes.stages} aria-label={t('view.stage-sizes', { stages: run.stages.join(' + ') })}>
      {run.stages.map((size, stage) => (
        <li
          // biome-ignore lint/suspicious/noArrayIndexKey: a stage is its place in the row
          key={stage}
          data-stage={stage < run.stage || !isActive(run) ? 'past' : stage === run.stage ? 'now' : 'ahead'}
        >
          <Text size="xs" c="dimmed">
            {t('view.stage', { stage: stage + 1, stages: run.stages.length })}
          </Text>
          <Text fw={600} className="tabular">
            {format.number(size)}
          </Text>
        </li>
      ))}
    </ol>
  );
}

const PARTS: readonly Outcome[] = ['good', 'bad', 'under-way', 'ahead', 'left-out'];

/** How many devices stand where: a bar, and the same in words. */
function Share({ counts }: { counts: ReturnType<typeof tally> }) {
  const { t } = useTranslation('commands');
  const format = useFormat();
  const present = PARTS.filter((part) => counts[part] > 0);
  return (
    <div>
      <div className={classes.share} aria-hidden>
        {present.map((part) => (
          <span key={part} data-outcome={part} style={{ flexGrow: counts[part] }} />
        ))}
      </div>
      <Text size="sm" className="tabular" role="status" data-testid="command-counts">
        {present.map((part) => `${t(`outcome.${part}`)}: ${format.number(counts[part])}`).join(' · ')}
      </Text>
    </div>
  );
}

function Controls({ run }: { run: CommandRun }) {
  const { t } = useTranslation('commands');
  const errorText = useErrorText();
  const control = useRunControl(run.id);
  if (!run.mine || !isActive(run)) return null;
  return (
    <>
      <Group gap="xs">
        {run.state === 'paused' && (
          <Button
            leftSection={<IconPlayerPlay size={17} aria-hidden />}
            loading={control.isPending && control.variables === 'continue'}
            onClick={() => control.mutate('continue')}
          >
            {t('view.continue')}
          </Button>
        )}
        {(run.state === 'paused' || (run.counts.waiting ?? 0) > 0) && (
          <Button
            color="red"
            variant="light"
            leftSection={<IconPlayerStop size={17} aria-hidden />}
            loading={control.isPending && control.variables === 'stop'}
            title={t('view.stop-hint')}
            onClick={() => control.mutate('stop')}
          >
            {t('view.stop')}
          </Button>
        )}
        {run.state === 'paused' && <IconPlayerPause size={18} aria-hidden />}
      </Group>
      {control.error && <Alert color="red">{errorText(control.error)}</Alert>}
    </>
  );
}
