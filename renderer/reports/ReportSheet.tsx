import { Anchor, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { DeviceKind } from '../../main/contract/device.ts';
import type { AvailabilityLine, AvailabilityReport } from '../../main/contract/reports.ts';
import { useAreas } from '../hub/devices.ts';
import { useLanguage } from '../i18n/useLanguage.ts';
import { useFormat } from '../ui/useFormat.ts';
import { WideTable } from '../ui/WideTable.tsx';
import {
  gradeOf,
  hundredths,
  knownPercent,
  mostlyUnknown,
  type Times,
  unknownShare,
} from './report-words.ts';
import classes from './reports.module.css';

/** The report itself: what goes on paper too. The worst lines stand first. */
export function ReportSheet({ report, kind }: { report: AvailabilityReport; kind: DeviceKind | null }) {
  const { t } = useTranslation(['reports', 'common']);
  const format = useFormat();
  const nameOf = useLineName(report.by);
  const { total, lines, more } = report;
  return (
    <article className={classes.sheet} data-testid="report">
      <header>
        <Title order={2} size="h3">
          {t('heading', { kind: kind ? t(`common:kinds.${kind}`) : t('all-kinds') })}
        </Title>
        <Text size="sm" className="tabular">
          {t('from-to', { from: format.minute(report.from), to: format.minute(report.to) })}
        </Text>
      </header>
      <dl className={classes.totals}>
        <Total name={t('own')} value={<Share share={total.own} times={total.times} whole />} />
        <Total name={t('all')} value={<Share share={total.all} times={total.times} whole />} />
        <Total name={t('column.unknown')} value={<UnknownShare times={total.times} />} />
        <Total name={t('devices')} value={format.number(total.devices)} />
        <Total
          name={t('blind')}
          value={report.blindMs === 0 ? t('no-blind') : format.duration(report.blindMs)}
        />
      </dl>
      <Text size="xs" c="dimmed">
        {t('reading')}
      </Text>
      {lines.length === 0 ? (
        <Text>{t('none')}</Text>
      ) : (
        <WideTable label={t('title')} className={classes.scroll}>
          <table className={classes.table}>
            <thead>
              <tr>
                <th scope="col">{t(`by.${report.by}`)}</th>
                {report.by !== 'device' && <th scope="col">{t('column.devices')}</th>}
                <th scope="col">{t('column.own')}</th>
                <th scope="col">{t('column.all')}</th>
                <th scope="col">{t('column.down')}</th>
                <th scope="col">{t('column.down-by-parent')}</th>
                <th scope="col">{t('column.flapping')}</th>
                <th scope="col">{t('column.maintenance')}</th>
                <th scope="col">{t('column.unknown')}</th>
              </tr>
            </thead>
            <tbody className="tabular">
              {lines.map((line) => (
                <tr key={line.key} data-testid="report-line">
                  <th scope="row">
                    {report.by === 'device' ? (
                      <Anchor component={Link} inherit href={`/map?device=${encodeURIComponent(line.key)}`}>
                        {nameOf(line)}
                      </Anchor>
                    ) : (
                      nameOf(line)
                    )}
                  </th>
                  {report.by !== 'device' && <td>{format.number(line.devices)}</td>}
                  <td>
                    <Share share={line.own} times={line.times} />
                  </td>
                  <td>
                    <Share share={line.all} times={line.times} />
                  </td>
                  <Time ms={line.times.down} />
                  <Time ms={line.times.downByParent} />
                  <Time ms={line.times.flapping} />
                  <Time ms={line.times.maintenanceUp + line.times.maintenanceDown} />
                  <Unknown times={line.times} />
                </tr>
              ))}
            </tbody>
          </table>
        </WideTable>
      )}
      {more && <Text size="sm">{t('more', { count: lines.length })}</Text>}
      <Text size="xs" c="dimmed" className={classes.printed}>
        {t('printed', { time: format.minute(Date.now()) })}
      </Text>
    </article>
  );
}

function Total({ name, value }: { name: string; value: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className="tabular">{value}</dd>
    </div>
  );
}

/** A share of the known time, with a sign where it is low, and with words where little is known: never by colour alone. */
function Share({ share, times, whole = false }: { share: number | null; times: Times; whole?: boolean }) {
  const { t } = useTranslation('reports');
  const format = useFormat();
  if (share === null) return t('unknown');
  const percent = t('percent', { value: format.number(hundredths(share), 2) });
  if (mostlyUnknown(times))
    return (
      <span className={classes.share} data-grade="unknown">
        {whole ? <OfKnown percent={percent} known={knownPercent(times)} /> : t('too-little')}
      </span>
    );
  const grade = gradeOf(share);
  return (
    <span className={classes.share} data-grade={grade}>
      {grade === 'bad' ? '▼ ' : ''}
      {percent}
    </span>
  );
}

/** A share of a time of which little is known says of how much; of next to nothing it is no figure at all. */
function OfKnown({ percent, known }: { percent: string; known: number }) {
  const { t } = useTranslation('reports');
  return known === 0 ? t('hardly-known') : t('of-known', { share: percent, count: known });
}

function Time({ ms }: { ms: number }) {
  const format = useFormat();
  return <td>{ms < 1000 ? '' : format.duration(ms)}</td>;
}

/** How much of the time nobody knows; a trace of it is not nothing, and nearly all is not all. */
function UnknownShare({ times }: { times: Times }) {
  const { t } = useTranslation('reports');
  const format = useFormat();
  const share = unknownShare(times);
  if (share > 0 && share < 0.001) return t('less-than', { value: format.number(0.1, 1) });
  if (share < 1 && share > 0.999) return t('more-than', { value: format.number(99.9, 1) });
  return t('percent', { value: format.number(share * 100, 1) });
}

function Unknown({ times }: Pick<AvailabilityLine, 'times'>) {
  return <td>{unknownShare(times) > 0 && <UnknownShare times={times} />}</td>;
}

/** Areas by their names in the language shown; what has no owner says so. */
function useLineName(by: AvailabilityReport['by']): (line: AvailabilityLine) => string {
  const { t } = useTranslation('reports');
  const { language } = useLanguage();
  const areas = useAreas();
  return ({ key, name }) => {
    if (by === 'okrug' || by === 'district') {
      const area = areas.data?.find(({ id }) => id === key);
      if (area) return language === 'ru' ? area.nameRu : area.nameEn;
    }
    return name || key || t('no-name');
  };
}
