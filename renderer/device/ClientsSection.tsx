import { Table, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { DeviceHealth } from '../../main/contract/health.ts';
import { useFormat } from '../ui/useFormat.ts';

const SHOWN = 8;

/** Who is on the air, the strongest first; the whole list is on the point's page. */
export function ClientsSection({ health }: { health: DeviceHealth }) {
  const { t } = useTranslation('devices');
  const format = useFormat();
  const count = health.clientCount ?? health.clients.length;
  const strongest = [...health.clients]
    .sort((a, b) => (b.rssiDbm ?? -200) - (a.rssiDbm ?? -200))
    .slice(0, SHOWN);
  return (
    <section>
      <Title order={3} size="h4" mb={6}>
        {t('clients-now', { count, shown: format.number(count) })}
      </Title>
      {strongest.length > 0 && (
        <Table verticalSpacing={4} horizontalSpacing={0}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('mac')}</Table.Th>
              <Table.Th ta="right">{t('signal')}</Table.Th>
              <Table.Th ta="right">{t('connected')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody className="tabular">
            {strongest.map((client, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: masked MACs are not unique, rows hold no state
              <Table.Tr key={`${client.mac} ${i}`}>
                <Table.Td ff="monospace">{client.mac}</Table.Td>
                <Table.Td ta="right">
                  {client.rssiDbm === null ? '—' : t('dbm', { value: format.number(client.rssiDbm) })}
                </Table.Td>
                <Table.Td ta="right">
                  {client.connectedS === null ? '—' : format.duration(client.connectedS * 1000)}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      {health.clients.length > SHOWN && (
        <Text size="xs" c="dimmed" mt={4}>
          {t('clients-more', { more: format.number(health.clients.length - SHOWN) })}
        </Text>
      )}
    </section>
  );
}
