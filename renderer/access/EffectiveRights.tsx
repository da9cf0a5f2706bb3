import { Popover, Table, Text, Title, UnstyledButton } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { PersonAccess } from '../../main/contract/access.ts';
import { ErrorState, Loading } from '../ui/states.tsx';
import { useEffective, useGrants } from './useAccess.ts';
import { useNames } from './useNames.ts';

/** What follows from a person's grants now, and from which of them. */
export function EffectiveRights({ personId }: { personId: string }) {
  const { t } = useTranslation(['access', 'common']);
  const effective = useEffective(personId);
  if (effective.isPending) return <Loading />;
  if (effective.isError && !effective.data)
    return <ErrorState compact error={effective.error} retry={() => void effective.refetch()} />;
  const actions = effective.data.actions.filter(({ grantIds }) => grantIds.length > 0);
  return (
    <section aria-labelledby="effective-title">
      <Title order={3} size="h4" id="effective-title" mb={6}>
        {t('effective')}
      </Title>
      {actions.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('effective-none')}
        </Text>
      ) : (
        <Table data-testid="effective">
          <Table.Tbody>
            {actions.map((row) => (
              <Table.Tr key={row.action}>
                <Table.Td>{t(`common:action.${row.action}`)}</Table.Td>
                <Table.Td className="tabular">
                  <Reach row={row} />
                </Table.Td>
                <Table.Td ta="right">
                  <Why personId={personId} grantIds={row.grantIds} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </section>
  );
}

function Reach({ row }: { row: PersonAccess['actions'][number] }) {
  const { t } = useTranslation('access');
  if (['access.manage', 'audit.read', 'system.configure'].includes(row.action)) return t('whole-hub');
  const cameras = row.cameras > 0 ? t('effective-cameras', { count: row.cameras }) : null;
  if (row.action.startsWith('video.') && cameras) return cameras;
  return [t('effective-devices', { count: row.devices }), cameras].filter(Boolean).join(', ');
}

function Why({ personId, grantIds }: { personId: string; grantIds: readonly string[] }) {
  const { t } = useTranslation('access');
  const grants = useGrants(personId);
  const names = useNames();
  return (
    <Popover position="left" withArrow shadow="md">
      <Popover.Target>
        <UnstyledButton fz="sm" td="underline" style={{ textDecorationStyle: 'dotted' }}>
          {t('why')}
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown maw={340}>
        {grants.data
          ?.filter(({ id }) => grantIds.includes(id))
          .map((grant) => (
            <Text key={grant.id} size="sm">
              {t('why-grant', { role: names.role(grant.roleId), scope: names.scope(grant.scope) })}
              <Text span size="xs" c="dimmed" display="block">
                {grant.basis}
              </Text>
            </Text>
          ))}
      </Popover.Dropdown>
    </Popover>
  );
}
