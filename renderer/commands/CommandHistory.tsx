import { Anchor, Text, Title, UnstyledButton } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { Command } from '../../main/contract/command-runs.ts';
import { ErrorState } from '../ui/states.tsx';
import { useFormat } from '../ui/useFormat.ts';
import { CommandSteps } from './CommandSteps.tsx';
import classes from './commands.module.css';
import { runPagePath } from './run-address.ts';
import { outcomeOf } from './run-state.ts';
import { useDeviceCommands } from './useCommands.ts';
import { useCommandWords } from './useCommandWords.ts';

const SHOWN = 5;

/** What a device was told: when, by whom, and what came of it. */
export function CommandHistory({ deviceId }: { deviceId: string }) {
  const { t } = useTranslation('commands');
  const { data, error, refetch } = useDeviceCommands(deviceId);
  const [all, setAll] = useState(false);
  return (
    <section data-testid="command-history">
      <Title order={2} size="h4" mb={6}>
        {t('history.title')}
      </Title>
      {error && <ErrorState error={error} retry={() => void refetch()} compact />}
      {data?.items.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('history.none')}
        </Text>
      )}
      {data?.items.slice(0, all ? undefined : SHOWN).map((command) => (
        <Line key={command.id} command={command} />
      ))}
      {data && !all && data.items.length > SHOWN && (
        <UnstyledButton fz="sm" c="blue" mt={4} onClick={() => setAll(true)}>
          {t('view.more')}
        </UnstyledButton>
      )}
    </section>
  );
}

function Line({ command }: { command: Command }) {
  const { t } = useTranslation('commands');
  const format = useFormat();
  const words = useCommandWords();
  const [open, setOpen] = useState(false);
  const { state, spec, askedAt, personName, runId } = command;
  const why = words.whyOf(command);
  return (
    <div>
      <UnstyledButton
        className={classes.history}
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        data-testid="command-line"
        data-state={state}
      >
        <Text size="sm">
          <b>{words.spec(spec)}</b>:{' '}
          <span className={classes.verdict} data-outcome={outcomeOf(state)}>
            {t(`state.${state}`)}
          </span>
          {why && ` (${why})`}
        </Text>
        <Text size="xs" c="dimmed" className="tabular">
          {t('view.asked-by', { name: personName, time: format.dateTime(askedAt) })}
        </Text>
      </UnstyledButton>
      {open && (
        <div className={classes.opened}>
          <CommandSteps command={command} />
          <Anchor component={Link} inherit href={runPagePath(runId)}>
            {t('view.open')}
          </Anchor>
        </div>
      )}
    </div>
  );
}
