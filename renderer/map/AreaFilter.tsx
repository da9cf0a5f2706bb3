import { Select } from '@mantine/core';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Area } from '../../main/contract/device.ts';
import { useAreas, useGroups } from '../hub/devices.ts';
import { useLanguage } from '../i18n/useLanguage.ts';

/** An area's name in the language shown. */
export function useAreaName(): (area: Area) => string {
  const { language } = useLanguage();
  return (area) => (language === 'ru' ? area.nameRu : area.nameEn);
}

/** Okrugs, each followed by its districts, for a list to choose from. */
export function useAreaChoices(areas: readonly Area[] | undefined, districtsOnly = false) {
  const { t } = useTranslation('map');
  const { language } = useLanguage();
  return useMemo(() => {
    const name = (area: Area) => (language === 'ru' ? area.nameRu : area.nameEn);
    const byName = (a: Area, b: Area) => name(a).localeCompare(name(b), language);
    const all = areas ?? [];
    return all
      .filter(({ level }) => level === 'okrug')
      .sort(byName)
      .map((okrug) => ({
        group: name(okrug),
        items: [
          ...(districtsOnly
            ? []
            : [{ value: okrug.id, label: t('filter.whole-okrug', { name: name(okrug) }) }]),
          ...all
            .filter(({ parentId }) => parentId === okrug.id)
            .sort(byName)
            .map((district) => ({ value: district.id, label: name(district) })),
        ],
      }));
  }, [areas, language, t, districtsOnly]);
}

interface ChoiceProps {
  value: string | null;
  onChange: (value: string | null) => void;
}

export function AreaFilter({ value, onChange }: ChoiceProps) {
  const { t } = useTranslation('map');
  const areas = useAreas();
  return (
    <Select
      size="xs"
      w={190}
      searchable
      clearable
      placeholder={t('filter.area')}
      aria-label={t('filter.area')}
      nothingFoundMessage={t('filter.nothing')}
      data={useAreaChoices(areas.data)}
      value={value}
      onChange={onChange}
      maxDropdownHeight={380}
      comboboxProps={{ width: 290, position: 'bottom-start' }}
    />
  );
}

/** Shown only where there are groups to choose from. */
export function GroupFilter({ value, onChange }: ChoiceProps) {
  const { t } = useTranslation('map');
  const { data } = useGroups();
  if (!data || data.length === 0) return null;
  return (
    <Select
      size="xs"
      w={150}
      searchable
      clearable
      placeholder={t('filter.group')}
      aria-label={t('filter.group')}
      nothingFoundMessage={t('filter.nothing')}
      data={data.map(({ id, name }) => ({ value: id, label: name }))}
      value={value}
      onChange={onChange}
      comboboxProps={{ width: 260, position: 'bottom-start' }}
    />
  );
}
