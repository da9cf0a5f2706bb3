import { Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconSend } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { CommandRun } from '../../main/contract/command-runs.ts';
import { useSession } from '../hub/session.tsx';
import { HeaderMenu } from '../ui/HeaderMenu.tsx';
import { useFormat } from '../ui/useFormat.ts';
import classes from './commands.module.css';
import { runPagePath } from './run-address.ts';
import { isActive, tally } from './run-state.ts';
import { isWatched, useRuns } from './useCommands.ts';
import { useCommandWords } from './useCommandWords.ts';

const LISTED = 12;

/** Runs of commands, from every screen, whatever was closed or reloaded meanwhile. */
export function RunsBadge() {
  const { can } = useSession();
  return can('wifi.command') || can('device.edit') ? <Runs /> : null;
}

function Runs() {
  const { t } = useTranslation('commands');
  const { data } = useRuns(LISTED);
  const [opened, setOpened] = useState(false);
  useTellEnds(data?.items);
  const active = data?.items.filter(isActive) ?? [];
  // Until there is something to find again, the header keeps its room.
  if (!data || data.items.length === 0) return null;
  const label = active.length > 0 ? t('runs.running', { count: active.length }) : t('runs.title');
  const waits = active.some(({ state, mine }) => state === 'paused' && mine);
  return (
    <HeaderMenu
      label={label}
      title={t('runs.title')}
      icon={<IconSend size={20} aria-hidden />}
      active={active.length}
      waits={waits}
      opened={opened}
      onChange={setOpened}
      testId="command-runs"
    >
      <Text fw={600} size="sm" mb={4}>
        {t('runs.title')}
      </Text>
      <div className={classes.runs}>
        {data.items.map((run) => (
          <RunLine key={run.id} run={run} onOpen={() => setOpened(false)} />
        ))}
      </div>
    </HeaderMenu>
  );
}

function RunLine({ run, onOpen }: { run: CommandRun; onOpen: () => void }) {
  const { t } = useTranslation('commands');
  const format = useFormat();
  const words = useCommandWords();
  const { good, bad, total } = tally(run.counts);
  return (
    <Link href={runPagePath(run.id)} className={classes.run} onClick={onOpen} data-testid="command-run-line">
      <Text size="sm" fw={600}>
        {words.run(run)}
      </Text>
      <Text size="xs">
        {words.runState(run)} · {format.number(good + bad)} / {format.number(total)}
        {bad > 0 && (
          <span className={classes.verdict} data-outcome="bad">
            {' '}
            · {t('outcome.bad')}: {format.number(bad)}
          </span>
        )}
      </Text>
      <Text size="xs" c="dimmed" className="tabular">
        {t('view.asked-by', { name: run.person.name, time: format.dateTime(run.startedAt) })}
      </Text>
    </Link>
  );
}

/** Says that an own run has come to its end or waits, wherever the person is by then. */
function useTellEnds(runs: readonly CommandRun[] | undefined): void {
  const { t } = useTranslation('commands');
  const words = useCommandWords();
  const client = useQueryClient();
  const known = useRef<ReadonlyMap<string, CommandRun['state']> | null>(null);
  useEffect(() => {
    if (!runs) return;
    const before = known.current;
    known.current = new Map(runs.map(({ id, state }) => [id, state]));
    if (!before) return;
    for (const run of runs) {
      if (!run.mine || before.get(run.id) !== 'running' || run.state === 'running') continue;
      if (isWatched(client, run.id)) continue;
      const { good, bad } = tally(run.counts);
      notifications.show({
        title: words.runState(run),
        message: t('runs.ended', { command: words.run(run), good, bad }),
        color: bad > 0 || run.state === 'stopped' ? 'red' : run.state === 'paused' ? 'yellow' : 'teal',
      });
    }
  }, [runs, client, t, words]);
}
