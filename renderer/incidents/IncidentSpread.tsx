import { Anchor, Button, Group, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { IncidentDetail } from '../../main/contract/incidents.ts';
import { useLanguage } from '../i18n/useLanguage.ts';
import { kindIcons } from '../ui/kind.tsx';
import screen from '../ui/screen.module.css';
import { useFormat } from '../ui/useFormat.ts';
import classes from './incidents.module.css';

/** Districts that are named before all of them are asked for. */
const FIRST = 8;

/** What of a district is down, on the map. */
export const downInDistrict = (id: string): string => `/map?area=${encodeURIComponent(id)}&status=offline`;

/** How many of what is down, and in which districts: what the shift tells others first. */
export function IncidentSpread({ incident }: { incident: IncidentDetail }) {
  const { t } = useTranslation(['incidents', 'common']);
  const format = useFormat();
  const { language } = useLanguage();
  const [all, setAll] = useState(false);
  const { affected, spread } = incident;
  const over = affected.now === 0;
  const { kinds, districts } = spread;
  const share = ({ now, ever }: { now: number; ever: number }) =>
    over || now === ever
      ? format.number(ever)
      : t('spread-of', { now: format.number(now), ever: format.number(ever) });
  return (
    <section data-testid="incident-spread">
      <Text size="sm" fw={600} mb={4}>
        {t(over ? 'spread-was' : 'spread')}
      </Text>
      <Group gap={16} mb={6}>
        {kinds.map(({ kind, ...extent }) => {
          const Icon = kindIcons[kind];
          return (
            <Group key={kind} gap={5} wrap="nowrap">
              <Icon size={16} aria-hidden />
              <Text span size="sm" className="tabular">
                {t(`common:kinds.${kind}`)}: {share(extent)}
              </Text>
            </Group>
          );
        })}
      </Group>
      {districts.length > 1 && (
        <ul className={classes.districts}>
          {(all ? districts : districts.slice(0, FIRST)).map(({ id, nameRu, nameEn, ...extent }) => (
            <li key={id}>
              <Anchor component={Link} size="sm" href={downInDistrict(id)} className={screen.wrap}>
                {language === 'ru' ? nameRu : nameEn}
              </Anchor>
              <Text span size="sm" c="dimmed" className="tabular">
                {share(extent)}
              </Text>
            </li>
          ))}
        </ul>
      )}
      {!all && districts.length > FIRST && (
        <Button size="compact-xs" variant="subtle" mt={4} onClick={() => setAll(true)}>
          {t('spread-more', { count: districts.length })}
        </Button>
      )}
    </section>
  );
}
