import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useDevice, useDevices } from '../hub/devices.ts';

interface ParentSelectProps {
  value: string | null;
  onChange: (id: string | null) => void;
  error: string | undefined;
}

/** The switch that the device hangs on, searched for by the hub: there are thousands. */
export function ParentSelect({ value, onChange, error }: ParentSelectProps) {
  const { t } = useTranslation('devices');
  const [typed, setTyped] = useState('');
  const [asked] = useDebouncedValue(typed.trim(), 200);
  const current = useDevice(value);
  const currentName = current.data && `${current.data.name} (${current.data.id})`;
  const found = useDevices({
    kind: 'switch',
    limit: 20,
    ...(asked && asked !== currentName ? { q: asked } : {}),
  });
  const options = (found.data?.items ?? []).map(({ id, name }) => ({ value: id, label: `${name} (${id})` }));
  const known = value === null || options.some((option) => option.value === value);
  return (
    <Select
      label={t('parent')}
      description={t('parent-what')}
      data={known ? options : [{ value: value ?? '', label: currentName ?? value ?? '' }, ...options]}
      value={value}
      onChange={onChange}
      searchable
      clearable
      searchValue={typed}
      onSearchChange={setTyped}
      // The hub has searched already, also in other alphabets.
      filter={({ options: all }) => all}
      nothingFoundMessage={found.isFetching ? t('searching') : t('nothing-found')}
      error={error}
    />
  );
}
