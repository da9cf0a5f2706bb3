import { Group, Select, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Scope } from '../../main/contract/access.ts';
import { useAreas, useDevices, useGroups } from '../hub/devices.ts';
import { useSession } from '../hub/session.tsx';
import { useDeviceNames } from '../hub/useDeviceNames.ts';
import { useLanguage } from '../i18n/useLanguage.ts';

const TYPES = ['city', 'okrug', 'district', 'group', 'device'] as const;
const isType = (text: string | null): text is Scope['type'] => TYPES.some((one) => one === text);

interface ScopeFieldProps {
  type: Scope['type'];
  id: string;
  onChange: (type: Scope['type'], id: string) => void;
  error: string | undefined;
}

/** Where a right holds: the whole city, an area, a group or one device. */
export function ScopeField({ type, id, onChange, error }: ScopeFieldProps) {
  const { t } = useTranslation('access');
  const { language } = useLanguage();
  const areas = useAreas();
  const groups = useGroups();
  const named = (level: 'okrug' | 'district') =>
    (areas.data ?? [])
      .filter((area) => area.level === level)
      .map((area) => ({ value: area.id, label: language === 'ru' ? area.nameRu : area.nameEn }))
      .sort((a, b) => a.label.localeCompare(b.label, language));
  const choices =
    type === 'okrug' || type === 'district'
      ? named(type)
      : (groups.data ?? []).map(({ id: value, name: label }) => ({ value, label }));
  return (
    <Group gap={8} grow align="flex-start" preventGrowOverflow={false}>
      <Select
        label={t('dialog.scope')}
        data={TYPES.map((value) => ({ value, label: t(`scope.${value}`) }))}
        value={type}
        onChange={(value) => isType(value) && onChange(value, '')}
        allowDeselect={false}
        data-testid="scope-type"
      />
      {type === 'device' ? (
        <DeviceField
          value={id}
          onChange={(next) => onChange('device', next)}
          label={t('scope.device')}
          error={error}
        />
      ) : (
        type !== 'city' && (
          <Select
            label={t(`scope.${type}`)}
            placeholder={t('dialog.scope-choose')}
            data={choices}
            value={id || null}
            onChange={(next) => onChange(type, next ?? '')}
            searchable
            error={error}
            data-testid="scope-id"
          />
        )
      )}
    </Group>
  );
}

interface DeviceFieldProps {
  value: string;
  onChange: (id: string) => void;
  label: string;
  error?: string | undefined;
}

/** One device by search; who may not see devices types its number. */
export function DeviceField(props: DeviceFieldProps) {
  const { can } = useSession();
  return can('device.view') ? <DeviceSearch {...props} /> : <DeviceNumber {...props} />;
}

function DeviceSearch({ value, onChange, label, error }: DeviceFieldProps) {
  const { t } = useTranslation('access');
  const [text, setText] = useState('');
  const [q] = useDebouncedValue(text, 200);
  const nameOf = useDeviceNames(value === '' ? [] : [value]);
  const found = useDevices({ limit: 30, ...(q ? { q } : {}) });
  const options = (found.data?.items ?? []).map(({ id, name }) => ({ value: id, label: `${name} · ${id}` }));
  // The chosen one stays choosable whatever is typed next.
  const data =
    value === '' || options.some((option) => option.value === value)
      ? options
      : [{ value, label: nameOf(value) }, ...options];
  return (
    <Select
      label={label}
      placeholder={t('dialog.device-search')}
      data={data}
      filter={({ options }) => options}
      value={value || null}
      onChange={(id) => onChange(id ?? '')}
      searchable
      onSearchChange={(typed) => setText(data.some((option) => option.label === typed) ? '' : typed)}
      nothingFoundMessage="—"
      error={error}
      data-testid="device-search"
    />
  );
}

function DeviceNumber({ value, onChange, label, error }: DeviceFieldProps) {
  const { t } = useTranslation('access');
  const [typed, setTyped] = useState(value);
  return (
    <TextInput
      label={label}
      placeholder={t('dialog.device-id')}
      value={typed}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onBlur={() => onChange(typed.trim())}
      onKeyDown={(event) => event.key === 'Enter' && onChange(typed.trim())}
      error={error}
    />
  );
}
