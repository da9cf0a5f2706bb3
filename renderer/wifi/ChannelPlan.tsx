import { Anchor, Group, SegmentedControl, Select, Text, Title } from '@mantine/core';
import { IconWifi } from '@tabler/icons-react';
import { useDeferredValue, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { Area } from '../../main/contract/device.ts';
import { useLanguage } from '../i18n/useLanguage.ts';
import { EmptyState } from '../ui/states.tsx';
import { useFormat } from '../ui/useFormat.ts';
import { areaOptions } from './area-options.ts';
import { type Band, crowdedDistricts, type PlannedRadio, planChannels } from './channel-plan.ts';
import { DistrictChannels } from './DistrictChannels.tsx';
import classes from './plan.module.css';
import type { ApRow } from './rows.ts';
import { apPath } from './wifi-address.ts';

const BANDS: readonly Band[] = ['2.4', '5', '6'];
const REACHES_M = [50, 100, 150, 300, 500] as const;
/** Radios that are listed: whoever has mended these looks again. */
const LISTED = 100;

interface ChannelPlanProps {
  rows: readonly ApRow[];
  areas: readonly Area[];
}

/** Who is on whose frequencies: crowded channels by district, and the radios with the most neighbours. */
export function ChannelPlan({ rows, areas }: ChannelPlanProps) {
  const { t } = useTranslation('wifi');
  const format = useFormat();
  const { language } = useLanguage();
  const [band, setBand] = useState<Band>('2.4');
  const [reachM, setReachM] = useState<number>(150);
  const [areaId, setAreaId] = useState('');
  // Neighbours across the border of an area disturb all the same: all are compared, then some are shown.
  // In a storm of changes the plan comes after what people click.
  const calm = useDeferredValue(rows);
  const plan = useMemo(() => planChannels(calm, band, reachM), [calm, band, reachM]);
  const shown = useMemo(
    () => plan.filter(({ row }) => areaId === '' || row.okrugId === areaId || row.districtId === areaId),
    [plan, areaId],
  );
  const districts = useMemo(() => crowdedDistricts(shown), [shown]);
  const disturbed = useMemo(
    () =>
      shown
        .filter(({ neighbours }) => neighbours.length > 0)
        .sort((a, b) => b.neighbours.length - a.neighbours.length || nearest(a) - nearest(b)),
    [shown],
  );
  return (
    <>
      <Group gap="sm">
        <SegmentedControl
          size="xs"
          aria-label={t('plan.band')}
          data={BANDS.map((value) => ({
            value,
            label: t('card.ghz', { band: format.number(Number(value), 1) }),
          }))}
          value={band}
          onChange={(text) => setBand(BANDS.find((one) => one === text) ?? '2.4')}
        />
        <Select
          size="xs"
          aria-label={t('plan.reach')}
          data={REACHES_M.map((m) => ({
            value: String(m),
            label: t('plan.within', { distance: format.number(m) }),
          }))}
          value={String(reachM)}
          onChange={(text) => setReachM(REACHES_M.find((m) => String(m) === text) ?? 150)}
          allowDeselect={false}
          w={130}
        />
        <Select
          size="xs"
          aria-label={t('district')}
          placeholder={t('all-districts')}
          data={areaOptions(areas, language)}
          value={areaId || null}
          onChange={(id) => setAreaId(id ?? '')}
          searchable
          clearable
          w={240}
        />
        <Text size="sm" c="dimmed" className="tabular" data-testid="plan-count">
          {t('plan.count', {
            disturbed: format.number(disturbed.length),
            radios: format.number(shown.length),
          })}
        </Text>
      </Group>
      <Text size="sm" c="dimmed" maw={900}>
        {t('plan.what')}
      </Text>
      {shown.length === 0 ? (
        <EmptyState icon={<IconWifi size={26} />} title={t('plan.none')} />
      ) : (
        <div className={classes.plan}>
          <section>
            <Title order={2} size="h4" mb={2}>
              {t('plan.districts')}
            </Title>
            <Text size="xs" c="dimmed" mb={6}>
              {t('plan.districts-what')}
            </Text>
            <DistrictChannels districts={districts} />
          </section>
          <section>
            <Title order={2} size="h4" mb={2}>
              {t('plan.radios')}
            </Title>
            <Text size="xs" c="dimmed" mb={6}>
              {t('plan.radios-what')}
            </Text>
            <Disturbed radios={disturbed.slice(0, LISTED)} />
          </section>
        </div>
      )}
    </>
  );
}

const nearest = ({ neighbours }: PlannedRadio): number =>
  neighbours[0]?.distanceM ?? Number.POSITIVE_INFINITY;

function Disturbed({ radios }: { radios: readonly PlannedRadio[] }) {
  const { t } = useTranslation('wifi');
  const format = useFormat();
  if (radios.length === 0) return <Text size="sm">{t('plan.clear')}</Text>;
  return (
    <table className={classes.plain} data-testid="plan-radios">
      <thead>
        <tr>
          <th scope="col">{t('column.name')}</th>
          <th scope="col">{t('plan.channel')}</th>
          <th scope="col">{t('plan.neighbours')}</th>
          <th scope="col">{t('plan.nearest')}</th>
        </tr>
      </thead>
      <tbody className="tabular">
        {radios.map(({ row, channel, widthMHz, neighbours: [first, ...others] }) => (
          <tr key={`${row.id} ${channel}`}>
            <td>
              <Anchor component={Link} inherit href={apPath(row.id)}>
                {row.name}
              </Anchor>
            </td>
            <td className={classes.whole}>{t('plan.on', { channel, width: format.number(widthMHz) })}</td>
            <td>{format.number(others.length + 1)}</td>
            <td>
              {first && (
                <>
                  <Anchor component={Link} inherit underline="always" href={apPath(first.row.id)}>
                    {first.row.name}
                  </Anchor>
                  <Text span inherit c="dimmed">
                    {' '}
                    {t('plan.away', { distance: format.number(first.distanceM), channel: first.channel })}
                  </Text>
                </>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
