import {
  Button,
  CloseButton,
  Group,
  Paper,
  SegmentedControl,
  Text,
  useComputedColorScheme,
} from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { type Band, Bands } from '../../../main/contract/radio-plan.ts';
import { ErrorState, Loading } from '../../ui/states.tsx';
import { useFormat } from '../../ui/useFormat.ts';
import { mapInk } from '../canvas/ink.ts';
import classes from './coverage.module.css';
import { type Disc, LEVEL_DBM } from './coverage.ts';
import type { CoverageShown } from './useCoverage.ts';

interface CoverageLegendProps {
  band: Band;
  coverage: CoverageShown;
  /** On a telephone a panel stands over most of the map: what is left of it is for the map itself. */
  covered: boolean;
  onBand: (band: Band) => void;
  /** Null where the map is near enough already. */
  onNearer: (() => void) | null;
  onClose: () => void;
}

/** What the colours of the layer mean, by which model, and what it does not know. */
export function CoverageLegend({ band, coverage, covered, onBand, onNearer, onClose }: CoverageLegendProps) {
  const { t } = useTranslation(['map', 'common']);
  const format = useFormat();
  const ink = mapInk(useComputedColorScheme('dark')).coverage;
  const narrow = useMediaQuery('(max-width: 48em)') ?? false;
  const { discs, untold } = coverage;
  const typical = useMemo(
    () => ({ hidden: median(discs, ({ hiddenM }) => hiddenM), open: median(discs, ({ openM }) => openM) }),
    [discs],
  );
  const bands = (
    <SegmentedControl
      fullWidth
      size="xs"
      aria-label={t('coverage.band')}
      data={Bands.map((value) => ({
        value,
        label: t('coverage.ghz', { band: format.number(Number(value), 1) }),
      }))}
      value={band}
      onChange={(value) => onBand(Bands.find((one) => one === value) ?? band)}
    />
  );
  const close = <CloseButton size="sm" aria-label={t('close')} onClick={onClose} />;
  if (narrow && covered)
    return (
      <Paper className={classes.legend} data-covered withBorder shadow="md" data-testid="coverage">
        {bands}
        {close}
      </Paper>
    );
  return (
    <Paper className={classes.legend} withBorder shadow="md" data-testid="coverage">
      <Group justify="space-between" wrap="nowrap" gap="xs">
        <Text fw={600} size="sm">
          {t('coverage.title')}
        </Text>
        {close}
      </Group>
      {bands}
      {coverage.pending && <Loading />}
      {coverage.error && discs.length === 0 && (
        <ErrorState error={coverage.error} retry={coverage.retry} compact />
      )}
      {!coverage.pending && !coverage.error && discs.length === 0 && (
        <Text size="xs">{t('coverage.none')}</Text>
      )}
      {discs.length > 0 && onNearer && (
        <Group gap="xs" justify="space-between">
          <Text size="xs">{t('coverage.nearer')}</Text>
          <Button size="compact-xs" variant="light" onClick={onNearer}>
            {t('coverage.zoom')}
          </Button>
        </Group>
      )}
      {discs.length > 0 && !onNearer && (
        <ul className={classes.zones}>
          <li>
            <span className={classes.zone} style={{ background: ink.hidden }} />
            {t('coverage.hidden', { distance: format.number(typical.hidden) })}
          </li>
          <li>
            <span
              className={classes.zone}
              style={{ background: ink.open, border: `1.5px solid ${ink.edge}` }}
            />
            {t('coverage.open', { distance: format.number(typical.open) })}
          </li>
          <li>
            <span className={classes.zone} style={{ border: `2px dashed ${ink.lost}` }} />
            {t('coverage.lost')}
          </li>
        </ul>
      )}
      {untold > 0 && (
        <Text size="xs">{t('coverage.untold', { count: untold, shown: format.number(untold) })}</Text>
      )}
      <details className={classes.what} open={!narrow}>
        <summary>{t('coverage.estimate')}</summary>
        {t('coverage.what', { level: format.number(LEVEL_DBM) })}
      </details>
    </Paper>
  );
}

/** Rounded as it deserves: to five metres. */
function median(discs: readonly Disc[], of: (disc: Disc) => number): number {
  const sorted = discs.map(of).sort((a, b) => a - b);
  return Math.round((sorted[Math.floor(sorted.length / 2)] ?? 0) / 5) * 5;
}
