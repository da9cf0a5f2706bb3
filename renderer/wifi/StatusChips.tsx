import { UnstyledButton } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { HealthStatus } from '../../main/contract/health.ts';
import { statusIcons, useStatusColor } from '../ui/status.tsx';
import { useFormat } from '../ui/useFormat.ts';
import type { ApSummary } from './rows.ts';
import classes from './wifi.module.css';

interface StatusChipsProps {
  statuses: ApSummary['statuses'];
  /** Empty is all. */
  chosen: readonly HealthStatus[];
  onChange: (chosen: readonly HealthStatus[]) => void;
}

/** How many points have which status; a press shows only those. */
export function StatusChips({ statuses, chosen, onChange }: StatusChipsProps) {
  const { t } = useTranslation(['wifi', 'common']);
  const format = useFormat();
  const color = useStatusColor();
  return (
    <fieldset className={classes.chips}>
      <legend className="visually-hidden">{t('by-status')}</legend>
      {statuses.map(({ status, count }) => {
        const Icon = statusIcons[status];
        const on = chosen.includes(status);
        return (
          <UnstyledButton
            key={status}
            className={classes.chip}
            aria-pressed={on}
            onClick={() => onChange(on ? chosen.filter((one) => one !== status) : [...chosen, status])}
            data-testid={`ap-status-${status}`}
          >
            <Icon size={15} color={color(status)} aria-hidden />
            <span>{t(`common:status.${status}`)}</span>
            <b className="tabular">{format.number(count)}</b>
          </UnstyledButton>
        );
      })}
    </fieldset>
  );
}
