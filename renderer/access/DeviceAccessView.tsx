import { Badge, Button, ScrollArea, Stack, Table, Text, VisuallyHidden } from '@mantine/core';
import { IconDeviceCctv, IconEye } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { EmptyState, ErrorState, Loading } from '../ui/states.tsx';
import classes from './access.module.css';
import { DeviceField } from './ScopeField.tsx';
import { useDeviceAccess } from './useAccess.ts';

interface DeviceAccessViewProps {
  /** Empty until one is chosen. */
  deviceId: string;
  onPick: (id: string) => void;
  onPerson: (id: string) => void;
}

/** The other question: who may see this camera? */
export function DeviceAccessView({ deviceId, onPick, onPerson }: DeviceAccessViewProps) {
  const { t } = useTranslation('access');
  return (
    <div className={classes.page}>
      <Stack>
        <div style={{ maxWidth: 460 }}>
          <DeviceField value={deviceId} onChange={onPick} label={t('device-view.search')} />
        </div>
        {deviceId === '' ? (
          <EmptyState icon={<IconDeviceCctv size={26} />} title={t('device-view.choose')}>
            {t('device-view.choose-do')}
          </EmptyState>
        ) : (
          <People deviceId={deviceId} onPerson={onPerson} />
        )}
      </Stack>
    </div>
  );
}

function People({ deviceId, onPerson }: { deviceId: string; onPerson: (id: string) => void }) {
  const { t } = useTranslation(['access', 'common']);
  const access = useDeviceAccess(deviceId);
  if (access.isPending) return <Loading />;
  if (access.isError && !access.data)
    return <ErrorState error={access.error} retry={() => void access.refetch()} />;
  const { people } = access.data;
  if (people.length === 0)
    return <EmptyState title={t('device-view.none')}>{t('device-view.none-do')}</EmptyState>;
  return (
    <>
      <Text size="sm" c="dimmed">
        {t('device-view.count', { count: people.length })}
      </Text>
      <ScrollArea type="auto">
        <Table miw={620} verticalSpacing={8} data-testid="device-access">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('device-view.person')}</Table.Th>
              <Table.Th>{t('device-view.may')}</Table.Th>
              <Table.Th>{t('device-view.grants')}</Table.Th>
              <Table.Th>
                <VisuallyHidden>{t('column.actions')}</VisuallyHidden>
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {people.map((person) => (
              <Table.Tr key={person.personId}>
                <Table.Td>
                  <Text size="sm" fw={500}>
                    {person.name}
                  </Text>
                  <Text size="xs" c="dimmed">
                    {[person.login, person.unit].filter(Boolean).join(' · ')}
                  </Text>
                  {person.watching && (
                    <Badge size="sm" color="red.9" tt="none" leftSection={<IconEye size={12} aria-hidden />}>
                      {t('device-view.watching')}
                    </Badge>
                  )}
                </Table.Td>
                <Table.Td>{person.actions.map((action) => t(`common:action.${action}`)).join(', ')}</Table.Td>
                <Table.Td className="tabular">{person.grantIds.length}</Table.Td>
                <Table.Td ta="right">
                  <Button size="compact-xs" variant="default" onClick={() => onPerson(person.personId)}>
                    {t('device-view.show')}
                  </Button>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </ScrollArea>
    </>
  );
}
