import { Anchor, Button, Chip, Group, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import {
  type Command,
  type CommandRun,
  type CommandState,
  CommandStates,
} from '../../main/contract/command-runs.ts';
import { ErrorState, Loading } from '../ui/states.tsx';
import { useFormat } from '../ui/useFormat.ts';
import { WideTable } from '../ui/WideTable.tsx';
import classes from './commands.module.css';
import { isActive, outcomeOf } from './run-state.ts';
import { useRunDevices } from './useCommands.ts';
import { useCommandWords } from './useCommandWords.ts';

const PAGE = 100;
/** The hub gives no more at a time; who looks for one of thousands filters by state. */
const MOST = 500;

/** Every device of a run, by state where there are many. */
export function RunDevices({ run }: { run: CommandRun }) {
  const { t } = useTranslation('commands');
  const format = useFormat();
  const [state, setState] = useState<CommandState | undefined>(undefined);
  const [limit, setLimit] = useState(PAGE);
  const { data, error, refetch, isPending } = useRunDevices(run.id, state, limit, isActive(run));
  const present = CommandStates.filter((one) => (run.counts[one] ?? 0) > 0);
  return (
    <>
      {present.length > 1 && (
        <Group gap={6}>
          <Chip size="xs" checked={state === undefined} onChange={() => setState(undefined)}>
            {t('view.all')}
          </Chip>
          {present.map((one) => (
            <Chip key={one} size="xs" checked={state === one} onChange={() => setState(one)}>
              {t(`state.${one}`)}: {format.number(run.counts[one] ?? 0)}
            </Chip>
          ))}
        </Group>
      )}
      {error && <ErrorState error={error} retry={() => void refetch()} compact />}
      {isPending && <Loading />}
      {data && (
        <WideTable label={t('title')} className={classes.wide}>
          <table className={classes.devices} data-testid="command-devices">
            <tbody>
              {data.items.map((command) => (
                <DeviceLine key={command.id} command={command} />
              ))}
            </tbody>
          </table>
        </WideTable>
      )}
      {data && data.total > data.items.length && limit < MOST && (
        <Button size="compact-sm" variant="subtle" onClick={() => setLimit(Math.min(MOST, limit + 4 * PAGE))}>
          {t('view.more')}
        </Button>
      )}
    </>
  );
}

function DeviceLine({ command }: { command: Command }) {
  const { t } = useTranslation('commands');
  const format = useFormat();
  const words = useCommandWords();
  const { deviceId, deviceKind, deviceName, state, endedAt, doneAt, acceptedAt, sentAt, waitsUntil } =
    command;
  const at = endedAt ?? doneAt ?? acceptedAt ?? sentAt;
  const path = encodeURIComponent(deviceId);
  return (
    <tr data-testid="command-device" data-state={state}>
      <td>
        <Anchor component={Link} inherit href={deviceKind === 'ap' ? `/wifi/${path}` : `/map?device=${path}`}>
          {deviceName}
        </Anchor>
      </td>
      <td className={classes.verdict} data-outcome={outcomeOf(state)}>
        {t(`state.${state}`)}
        <Text span inherit c="dimmed">
          {[
            words.whyOf(command),
            words.effect(command),
            endedAt === null && waitsUntil !== null && t('view.until', { time: format.time(waitsUntil) }),
          ]
            .filter(Boolean)
            .map((text) => ` · ${text}`)}
        </Text>
      </td>
      <td className="tabular">{at === null ? '' : format.time(at)}</td>
    </tr>
  );
}
