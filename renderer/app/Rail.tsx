import { UnstyledButton } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'wouter';
import { useSession } from '../hub/session.tsx';
import { isUntaken } from '../incidents/untaken.ts';
import { useOpenIncidents } from '../incidents/useIncidents.ts';
import classes from './Frame.module.css';
import { openTo } from './screens.ts';

/** Where the person may go. */
export function Rail() {
  const { t } = useTranslation();
  const { can } = useSession();
  const [location] = useLocation();
  return (
    <nav className={classes.rail} aria-label={t('rail')}>
      {openTo(can).map(({ name, path, icon: Icon }) => {
        const current = location === path || location.startsWith(`${path}/`);
        return (
          <UnstyledButton
            key={name}
            component={Link}
            href={path}
            className={classes.place}
            data-current={current || undefined}
            aria-current={current ? 'page' : undefined}
          >
            <Icon size={22} stroke={1.6} aria-hidden />
            <span>{t(`screen.${name}`)}</span>
            {name === 'incidents' && <OpenCount />}
          </UnstyledButton>
        );
      })}
    </nav>
  );
}

/** How many incidents nobody has taken yet and nobody muted. */
function OpenCount() {
  const { t } = useTranslation('incidents');
  const items = useOpenIncidents().data?.items ?? [];
  const count = items.filter((incident) => isUntaken(incident, Date.now())).length;
  if (count === 0) return null;
  return (
    <span
      className={classes.untaken}
      role="img"
      aria-label={t('untaken', { count })}
      title={t('untaken', { count })}
      data-testid="incident-count"
    >
      {count > 99 ? '99+' : count}
    </span>
  );
}
