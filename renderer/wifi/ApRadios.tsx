import { Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Radio } from '../../main/contract/health.ts';
import { AirtimeBar } from '../ui/AirtimeBar.tsx';
import { useFormat } from '../ui/useFormat.ts';
import classes from './wifi.module.css';

/** The radios and how busy the air is: a card each, side by side where there is room. */
export function ApRadios({ radios }: { radios: readonly Radio[] }) {
  const { t } = useTranslation('wifi');
  const format = useFormat();
  const dbm = (value: number | null) =>
    value === null ? '—' : t('card.dbm', { value: format.number(value) });
  return (
    <section data-testid="ap-radios">
      <Title order={2} size="h4" mb={6}>
        {t('card.radios')}
      </Title>
      {radios.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('card.no-radios')}
        </Text>
      ) : (
        <div className={classes.radios}>
          {radios.map((radio) => (
            <div key={`${radio.band} ${radio.channel}`} className={classes.radio}>
              <Text fw={600}>{t('card.ghz', { band: format.number(Number(radio.band), 1) })}</Text>
              <dl className={classes.facts}>
                <dt>{t('card.channel')}</dt>
                <dd className="tabular">
                  {radio.channel}, {t('card.mhz', { width: format.number(radio.widthMHz) })}
                </dd>
                <dt>{t('card.noise')}</dt>
                <dd className="tabular">{dbm(radio.noiseDbm)}</dd>
                <dt>{t('card.power')}</dt>
                <dd className="tabular">{dbm(radio.txPowerDbm)}</dd>
                <dt>{t('card.utilisation')}</dt>
                <dd>
                  {radio.utilisation === null ? (
                    t('card.later')
                  ) : (
                    <AirtimeBar value={radio.utilisation} text={format.percent(radio.utilisation)} />
                  )}
                </dd>
              </dl>
            </div>
          ))}
        </div>
      )}
    </section>
  );
}
