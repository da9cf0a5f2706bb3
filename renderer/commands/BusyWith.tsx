import { Anchor } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { PreviewDevice } from '../../main/contract/command-preview.ts';
import { runPagePath } from './run-address.ts';
import { useCommandWords } from './useCommandWords.ts';

/** Which command is in the way, where and whose, with the way to it: there it can be stopped. */
export function BusyWith({ busyWith }: { busyWith: NonNullable<PreviewDevice['busyWith']> }) {
  const { t } = useTranslation('commands');
  const words = useCommandWords();
  const { runId, spec, personName, at } = busyWith;
  const said = { what: words.spec(spec), who: personName };
  return (
    <span data-testid="command-busy-with">
      {at ? t('busy.near', { ...said, where: at.name }) : t('busy.here', said)}{' '}
      <Anchor component={Link} inherit href={runPagePath(runId)}>
        {t('busy.open')}
      </Anchor>
    </span>
  );
}
