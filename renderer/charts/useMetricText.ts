import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { MetricTable } from '../../main/contract/history.ts';
import { useFormat } from '../ui/useFormat.ts';

export type MetricUnit = (typeof MetricTable)[number]['unit'];

/** The unit of a metric; a hub newer than this console may name one that is not known here. */
export const unitOf = (metric: string): MetricUnit | undefined =>
  MetricTable.find(({ id }) => id === metric)?.unit;

/** Words a measured value with its unit. */
export function useMetricText(): (unit: MetricUnit | undefined, value: number, digits?: number) => string {
  const { t } = useTranslation('charts');
  const format = useFormat();
  return useCallback(
    (unit, value, digits = 1) => {
      const number = format.number(value, digits);
      switch (unit) {
        case 'kbit/s':
          return format.bitrate(value);
        case 'Mbit/s':
          return format.bitrate(value * 1000);
        case 'percent':
          return t('unit.percent', { value: number });
        case 'dBm':
          return t('unit.dbm', { value: number });
        case 'celsius':
          return t('unit.celsius', { value: number });
        case 'watt':
          return t('unit.watt', { value: number });
        case 'count':
        case 'fps':
        case 'channel':
        case undefined:
          return number;
      }
    },
    [t, format],
  );
}
