import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../ui/useFormat.ts';
import { WideTable } from '../ui/WideTable.tsx';
import type { Crowd, DistrictPlan } from './channel-plan.ts';
import classes from './plan.module.css';

/** Districts by channels: in each field how many of the radios there have a neighbour on their frequencies. */
export function DistrictChannels({ districts }: { districts: readonly DistrictPlan[] }) {
  const { t } = useTranslation('wifi');
  const channels = useMemo(
    () => [...new Set(districts.flatMap((district) => [...district.channels.keys()]))].sort((a, b) => a - b),
    [districts],
  );
  return (
    <WideTable label={t('plan.districts')} className={classes.wide}>
      <table className={classes.plain} data-testid="plan-districts">
        <thead>
          <tr>
            <th scope="col" rowSpan={2}>
              {t('column.district')}
            </th>
            <th scope="col" rowSpan={2}>
              {t('plan.all-channels')}
            </th>
            <th scope="colgroup" colSpan={Math.max(1, channels.length)}>
              {t('plan.channels')}
            </th>
          </tr>
          <tr>
            {channels.map((channel) => (
              <th key={channel} scope="col" className="tabular">
                {channel}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="tabular">
          {districts.map((district) => (
            <tr key={district.districtId}>
              <th scope="row">{district.district}</th>
              <Field crowd={district} />
              {channels.map((channel) => (
                <Field key={channel} crowd={district.channels.get(channel)} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </WideTable>
  );
}

function Field({ crowd }: { crowd: Crowd | undefined }) {
  const { t } = useTranslation('wifi');
  const format = useFormat();
  if (!crowd) return <td />;
  const { disturbed, radios } = crowd;
  const share = disturbed / radios;
  return (
    <td
      className={classes.field}
      data-clear={disturbed === 0 || undefined}
      title={t('plan.field', { disturbed: format.number(disturbed), radios: format.number(radios) })}
      style={
        disturbed > 0
          ? {
              background: `color-mix(in srgb, var(--mantine-color-yellow-6) ${Math.round(share * 45)}%, transparent)`,
            }
          : undefined
      }
    >
      {t('plan.of', { disturbed: format.number(disturbed), radios: format.number(radios) })}
    </td>
  );
}
