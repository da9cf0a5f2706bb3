import { Anchor, Progress, Title } from '@mantine/core';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { useFormat } from '../ui/useFormat.ts';
import { configVersions, firmwareVersions, type VersionCount } from './fleet.ts';
import classes from './plan.module.css';
import { type ApFilter, type ApRow, noFilter } from './rows.ts';
import { searchOf } from './useApFilter.ts';

/** Which firmware and which configuration runs how often; a click shows the points. */
export function FleetView({ rows }: { rows: readonly ApRow[] }) {
  const { t } = useTranslation('wifi');
  const firmware = useMemo(() => firmwareVersions(rows), [rows]);
  const configs = useMemo(() => configVersions(rows), [rows]);
  return (
    <div className={classes.plan}>
      <section>
        <Title order={2} size="h4" mb={6}>
          {t('fleet.firmware')}
        </Title>
        <Versions
          versions={firmware}
          withModel
          filterOf={({ model, value }) => ({ ...noFilter, text: model, firmware: value })}
        />
      </section>
      <section>
        <Title order={2} size="h4" mb={6}>
          {t('fleet.configs')}
        </Title>
        <Versions versions={configs} filterOf={({ value }) => ({ ...noFilter, configId: value })} />
      </section>
    </div>
  );
}

interface VersionsProps {
  versions: readonly VersionCount[];
  withModel?: boolean;
  filterOf: (version: VersionCount) => ApFilter;
}

function Versions({ versions, withModel = false, filterOf }: VersionsProps) {
  const { t } = useTranslation('wifi');
  const format = useFormat();
  const most = Math.max(1, ...versions.map(({ count }) => count));
  return (
    <table className={classes.plain} data-testid={withModel ? 'fleet-firmware' : 'fleet-configs'}>
      <thead>
        <tr>
          {withModel && <th scope="col">{t('column.model')}</th>}
          <th scope="col">{t('fleet.version')}</th>
          <th scope="col">{t('fleet.points')}</th>
          <th scope="col" aria-hidden style={{ width: '30%' }} />
        </tr>
      </thead>
      <tbody className="tabular">
        {versions.map((version, i) => (
          <tr key={`${version.model} ${version.value}`}>
            {withModel && <td>{versions[i - 1]?.model === version.model ? '' : version.model}</td>}
            <td>
              <Anchor component={Link} inherit href={`/wifi?${searchOf(filterOf(version))}`}>
                {version.value || t('untold')}
              </Anchor>
            </td>
            <td>{format.number(version.count)}</td>
            <td aria-hidden>
              <Progress value={(version.count / most) * 100} size="sm" aria-label={t('fleet.points')} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
