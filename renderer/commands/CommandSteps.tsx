import { Text } from '@mantine/core';
import { IconCheck, IconCircle, IconLoader2, IconMinus, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Command } from '../../main/contract/command-runs.ts';
import { useFormat } from '../ui/useFormat.ts';
import classes from './commands.module.css';
import { outcomeOf, stepsOf } from './run-state.ts';
import { useCommandWords } from './useCommandWords.ts';

const ICONS = {
  past: IconCheck,
  now: IconLoader2,
  ahead: IconCircle,
  failed: IconX,
  'passed-over': IconMinus,
};

/** One command's way: asked, sent, accepted, done, confirmed, each with its time; and why it ended otherwise. */
export function CommandSteps({ command }: { command: Command }) {
  const { t } = useTranslation('commands');
  const format = useFormat();
  const words = useCommandWords();
  const { state, waitsUntil, endedAt } = command;
  const effect = words.effect(command);
  const why = words.whyOf(command);
  return (
    <div data-testid="command-steps" data-state={state}>
      <ol className={classes.steps}>
        {stepsOf(command).map((step) => {
          const Icon = ICONS[step.state];
          return (
            <li key={step.name} data-step={step.state}>
              <Icon size={18} aria-hidden className={step.state === 'now' ? classes.turning : undefined} />
              <span>{t(`step.${step.name}`)}</span>
              <span className="tabular">{step.at === null ? '' : format.time(step.at)}</span>
            </li>
          );
        })}
      </ol>
      <Text size="sm" role="status" className={classes.verdict} data-outcome={outcomeOf(state)}>
        <b>{t(`state.${state}`)}</b>
        {(why || effect) && `: ${[why, effect].filter(Boolean).join('; ')}`}
        {endedAt === null && waitsUntil !== null && `, ${t('view.until', { time: format.time(waitsUntil) })}`}
      </Text>
    </div>
  );
}
