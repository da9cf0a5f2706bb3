import { Anchor, Title } from '@mantine/core';
import { IconChevronLeft } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import classes from './commands.module.css';
import { RunView } from './RunView.tsx';

/** One run by itself: for a link, and for whoever comes back to it. */
export function RunScreen({ id }: { id: string }) {
  const { t } = useTranslation('commands');
  return (
    <div className={classes.page}>
      <Anchor
        component={Link}
        size="sm"
        href="/wifi"
        style={{ display: 'inline-flex', alignItems: 'center' }}
      >
        <IconChevronLeft size={15} aria-hidden />
        {t('runs.back')}
      </Anchor>
      <Title order={1} size="h3">
        {t('runs.title')}
      </Title>
      <RunView key={id} id={id} />
    </div>
  );
}
