import { Badge, Button, Group, Select, Text, TextInput, UnstyledButton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconLock, IconSearch, IconUserPlus, IconUsers } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Person } from '../../main/contract/access.ts';
import { EmptyState, ErrorState, Loading } from '../ui/states.tsx';
import classes from './access.module.css';
import { PersonDialog } from './PersonDialog.tsx';
import { PersonPage } from './PersonPage.tsx';
import { usePeople } from './useAccess.ts';

const FILTERS = ['all', 'active', 'locked'] as const;
type Filter = (typeof FILTERS)[number];
const isFilter = (text: string | null): text is Filter => FILTERS.some((one) => one === text);

const folded = (text: string) => text.toLowerCase().replaceAll('ё', 'е');

function fits(person: Person, text: string, filter: Filter): boolean {
  if (filter === 'active' && (person.activeGrants === 0 || person.locked)) return false;
  if (filter === 'locked' && !person.locked) return false;
  const all = folded(`${person.name} ${person.login} ${person.unit} ${person.number}`);
  return folded(text)
    .split(/\s+/)
    .every((word) => all.includes(word));
}

interface PeopleViewProps {
  personId: string;
  onPick: (id: string) => void;
}

/** Everybody on the left, one person's rights on the right. */
export function PeopleView({ personId, onPick }: PeopleViewProps) {
  const { t } = useTranslation('access');
  const people = usePeople();
  const [text, setText] = useState('');
  const [filter, setFilter] = useState<Filter>('all');
  const [adding, add] = useDisclosure(false);
  if (people.isPending) return <Loading />;
  if (people.isError && !people.data)
    return <ErrorState error={people.error} retry={() => void people.refetch()} />;
  const shown = people.data
    .filter((person) => fits(person, text, filter))
    .sort((a, b) => a.name.localeCompare(b.name, 'ru'));
  const person = people.data.find(({ id }) => id === personId);
  return (
    <div className={classes.split} data-open={person !== undefined}>
      <div className={classes.pane}>
        <Group gap={6} wrap="nowrap">
          <TextInput
            style={{ flex: 1 }}
            aria-label={t('search')}
            placeholder={t('search')}
            leftSection={<IconSearch size={16} aria-hidden />}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            data-testid="people-search"
          />
          <Select
            w={146}
            aria-label={t('filter')}
            data={FILTERS.map((value) => ({ value, label: t(`filters.${value}`) }))}
            value={filter}
            onChange={(value) => isFilter(value) && setFilter(value)}
            allowDeselect={false}
          />
        </Group>
        <nav className={classes.list} aria-label={t('people')}>
          {shown.length === 0 && <EmptyState title={t('nobody')}>{t('nobody-do')}</EmptyState>}
          {shown.map((one) => (
            <PersonRow
              key={one.id}
              person={one}
              current={one.id === personId}
              onPick={() => onPick(one.id)}
            />
          ))}
        </nav>
        <Button
          leftSection={<IconUserPlus size={17} aria-hidden />}
          onClick={add.open}
          data-testid="add-person"
        >
          {t('add-person')}
        </Button>
      </div>
      {person ? (
        <PersonPage key={person.id} person={person} onBack={() => onPick('')} />
      ) : (
        <div className={classes.page}>
          <EmptyState icon={<IconUsers size={26} />} title={t('choose')}>
            {t('choose-do')}
          </EmptyState>
        </div>
      )}
      <PersonDialog
        opened={adding}
        person={null}
        onClose={add.close}
        onDone={(done) => {
          add.close();
          onPick(done.id);
        }}
      />
    </div>
  );
}

function PersonRow({ person, current, onPick }: { person: Person; current: boolean; onPick: () => void }) {
  const { t } = useTranslation('access');
  return (
    <UnstyledButton
      className={classes.person}
      aria-current={current}
      onClick={onPick}
      data-testid="person-row"
      data-login={person.login}
    >
      <Group gap={6} wrap="nowrap" justify="space-between">
        <Text size="sm" fw={500} truncate>
          {person.name}
        </Text>
        {person.locked && (
          <Badge
            color="red"
            variant="light"
            size="sm"
            tt="none"
            leftSection={<IconLock size={11} aria-hidden />}
          >
            {t('locked')}
          </Badge>
        )}
      </Group>
      <Text size="xs" c="dimmed" truncate>
        {[person.login, person.unit].filter(Boolean).join(' · ')}
      </Text>
      <Text size="xs" c="dimmed">
        {person.activeGrants === 0 ? t('grants-none') : t('grants-active', { count: person.activeGrants })}
      </Text>
    </UnstyledButton>
  );
}
