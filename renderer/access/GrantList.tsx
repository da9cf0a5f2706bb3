import {
  Badge,
  Button,
  Group,
  ScrollArea,
  Stack,
  Switch,
  Table,
  Text,
  Title,
  VisuallyHidden,
} from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Grant, Person } from '../../main/contract/access.ts';
import { EmptyState, ErrorState, Loading } from '../ui/states.tsx';
import { useFormat } from '../ui/useFormat.ts';
import { useNow } from '../ui/useNow.ts';
import { EndGrantDialog } from './EndGrantDialog.tsx';
import { GrantDialog } from './GrantDialog.tsx';
import { type GrantState, grantState, weeklyText } from './grant-words.ts';
import { useGrants } from './useAccess.ts';
import { useNames } from './useNames.ts';

const STATE_COLORS: Readonly<Record<GrantState, string>> = {
  active: 'teal',
  future: 'tower',
  expired: 'gray',
  ended: 'gray',
};

interface GrantListProps {
  person: Person;
  /** Nobody changes his own rights. */
  self: boolean;
}

/** A person's grants, those in force first. They are never changed, only ended. */
export function GrantList({ person, self }: GrantListProps) {
  const { t } = useTranslation('access');
  const now = useNow(10_000);
  const grants = useGrants(person.id);
  const [adding, add] = useDisclosure(false);
  const [ending, setEnding] = useState<Grant | null>(null);
  const [all, setAll] = useState(false);
  if (grants.isPending) return <Loading />;
  if (grants.isError && !grants.data)
    return <ErrorState compact error={grants.error} retry={() => void grants.refetch()} />;
  const states = grants.data.map((grant) => ({ grant, state: grantState(grant, now) }));
  const over = ({ state }: { state: GrantState }) => state === 'ended' || state === 'expired';
  const shown = states
    .filter((one) => all || !over(one))
    .sort((a, b) => Number(over(a)) - Number(over(b)) || b.grant.grantedAt - a.grant.grantedAt);
  return (
    <section aria-labelledby="grants-title">
      <Group justify="space-between" mb={8}>
        <Title order={3} size="h4" id="grants-title">
          {t('grants')}
        </Title>
        <Group gap="md">
          {states.some(over) && (
            <Switch
              size="xs"
              label={t('show-ended')}
              checked={all}
              onChange={(event) => setAll(event.currentTarget.checked)}
            />
          )}
          <Button
            size="xs"
            leftSection={<IconPlus size={15} aria-hidden />}
            disabled={self}
            onClick={add.open}
            data-testid="add-grant"
          >
            {t('add-grant')}
          </Button>
        </Group>
      </Group>
      {shown.length === 0 ? (
        <EmptyState title={t('grants-none')}>{t('grants-none-do')}</EmptyState>
      ) : (
        <ScrollArea type="auto">
          <Table miw={760} verticalSpacing={8} data-testid="grants">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('column.role')}</Table.Th>
                <Table.Th>{t('column.scope')}</Table.Th>
                <Table.Th>{t('column.until')}</Table.Th>
                <Table.Th>{t('column.depth')}</Table.Th>
                <Table.Th>{t('column.basis')}</Table.Th>
                <Table.Th>{t('column.granted')}</Table.Th>
                <Table.Th>
                  <VisuallyHidden>{t('column.actions')}</VisuallyHidden>
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {shown.map(({ grant, state }) => (
                <GrantRow
                  key={grant.id}
                  grant={grant}
                  state={state}
                  onEnd={self || over({ state }) ? null : () => setEnding(grant)}
                />
              ))}
            </Table.Tbody>
          </Table>
        </ScrollArea>
      )}
      <GrantDialog opened={adding} person={person} onClose={add.close} />
      <EndGrantDialog grant={ending} onClose={() => setEnding(null)} />
    </section>
  );
}

interface GrantRowProps {
  grant: Grant;
  state: GrantState;
  onEnd: (() => void) | null;
}

function GrantRow({ grant, state, onEnd }: GrantRowProps) {
  const { t } = useTranslation('access');
  const format = useFormat();
  const names = useNames();
  const day = (number: number) => t(`days-short.${DAYS[number - 1] ?? '1'}`);
  return (
    <Table.Tr
      data-testid="grant-row"
      data-state={state}
      data-role={grant.roleId}
      opacity={onEnd || state === 'active' ? 1 : 0.6}
    >
      <Table.Td>
        <Stack gap={3} align="flex-start">
          <Text size="sm" fw={500}>
            {names.role(grant.roleId)}
          </Text>
          <Group gap={4}>
            <Badge size="sm" variant="dot" color={STATE_COLORS[state]} tt="none">
              {t(`state.${state}`)}
            </Badge>
            {grant.effect === 'deny' && (
              <Badge size="sm" color="red.9" tt="none">
                {t('deny')}
              </Badge>
            )}
          </Group>
        </Stack>
      </Table.Td>
      <Table.Td>{names.scope(grant.scope)}</Table.Td>
      <Table.Td className="tabular">
        {state === 'future' && <div>{t('from-time', { time: format.minute(grant.from) })}</div>}
        <div>
          {grant.endedAt !== null
            ? t('ended-time', { time: format.minute(grant.endedAt) })
            : grant.until === null
              ? t('open-ended')
              : t('until-time', { time: format.minute(grant.until) })}
        </div>
        <Text size="xs" c="dimmed">
          {grant.weekly ? weeklyText(grant.weekly, day) : t('always')}
        </Text>
      </Table.Td>
      <Table.Td>
        {grant.archiveHours === null
          ? t('depth-all')
          : t('depth-hours', { duration: format.duration(grant.archiveHours * 3_600_000) })}
      </Table.Td>
      <Table.Td maw={220} style={{ overflowWrap: 'anywhere' }}>
        {grant.basis}
      </Table.Td>
      <Table.Td>
        <div>{names.person(grant.grantedBy)}</div>
        <Text size="xs" c="dimmed" className="tabular">
          {format.minute(grant.grantedAt)}
        </Text>
      </Table.Td>
      <Table.Td ta="right">
        {onEnd && (
          <Button size="compact-xs" variant="light" color="red" onClick={onEnd} data-testid="end-grant">
            {t('end')}
          </Button>
        )}
      </Table.Td>
    </Table.Tr>
  );
}

const DAYS = ['1', '2', '3', '4', '5', '6', '7'] as const;
