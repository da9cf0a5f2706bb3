import { Button, Select, TextInput } from '@mantine/core';
import { useDisclosure, useMediaQuery } from '@mantine/hooks';
import { IconFilter } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { type AuditEntry, AuditKinds } from '../../main/contract/audit.ts';
import { MomentField } from '../time/MomentField.tsx';
import classes from './audit.module.css';
import { type AuditFilter, isKind, noFilter } from './audit-filter.ts';
import { namesIn } from './subject.ts';

interface AuditFiltersProps {
  filter: AuditFilter;
  onChange: (filter: AuditFilter) => void;
  unclear: readonly ('from' | 'to')[];
  /** Entries loaded: the people in them can be chosen by name. */
  seen: readonly AuditEntry[];
}

/** What the log is narrowed by. */
export function AuditFilters({ filter, onChange, unclear, seen }: AuditFiltersProps) {
  const { t } = useTranslation('audit');
  const people = useMemo(() => {
    const named = new Map(namesIn(seen));
    if (filter.personId && !named.has(filter.personId)) named.set(filter.personId, filter.personId);
    return [...named]
      .map(([value, label]) => ({ value, label }))
      .sort((a, b) => a.label.localeCompare(b.label));
  }, [seen, filter.personId]);
  const set = (change: Partial<AuditFilter>) => onChange({ ...filter, ...change });
  const narrow = useMediaQuery('(max-width: 48em)') ?? false;
  const [shown, { toggle }] = useDisclosure(false);
  const changed = Object.values(filter).some((value) => value !== '');
  if (narrow && !shown)
    return (
      <Button variant="default" leftSection={<IconFilter size={16} aria-hidden />} onClick={toggle}>
        {t('filters')}
      </Button>
    );
  return (
    <search className={classes.filters} aria-label={t('filters')}>
      <Select
        label={t('kind')}
        placeholder={t('all-kinds')}
        data={AuditKinds.map((kind) => ({ value: kind, label: t(`kinds.${kind}`) }))}
        value={filter.kind || null}
        onChange={(kind) => set({ kind: isKind(kind) ? kind : '' })}
        searchable
        clearable
        style={{ flex: '2 1 200px' }}
        data-testid="audit-kind"
      />
      <Select
        label={t('person')}
        placeholder={t('all-people')}
        data={people}
        value={filter.personId || null}
        onChange={(personId) => set({ personId: personId ?? '' })}
        searchable
        clearable
        style={{ flex: '1 1 170px' }}
      />
      <TextInput
        label={t('subject')}
        placeholder={t('subject-placeholder')}
        value={filter.subject}
        maxLength={64}
        onChange={(event) => set({ subject: event.currentTarget.value })}
        style={{ flex: '1 1 170px' }}
      />
      {(['from', 'to'] as const).map((bound) => (
        <MomentField
          key={bound}
          label={t(bound)}
          value={filter[bound]}
          onChange={(value) => set({ [bound]: value })}
          dayMeans={bound === 'from' ? '00:00' : '23:59'}
          error={unclear.includes(bound) ? t('time-wrong') : undefined}
          style={{ flex: '1 1 230px' }}
        />
      ))}
      {changed && (
        <Button variant="subtle" onClick={() => onChange(noFilter)} style={{ alignSelf: 'flex-end' }}>
          {t('reset')}
        </Button>
      )}
    </search>
  );
}
