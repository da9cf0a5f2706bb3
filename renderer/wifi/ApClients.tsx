import { ScrollArea, Table, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { DeviceHealth } from '../../main/contract/health.ts';
import { useSession } from '../hub/session.tsx';
import { useFormat } from '../ui/useFormat.ts';
import classes from './wifi.module.css';

/** Who is connected now, the strongest first. MACs come from the hub as far as the person may see them. */
export function ApClients({ health }: { health: DeviceHealth }) {
  const { t } = useTranslation('wifi');
  const { can } = useSession();
  const format = useFormat();
  const { clientCount } = health;
  const clients = [...health.clients].sort((a, b) => (b.rssiDbm ?? -200) - (a.rssiDbm ?? -200));
  const untold = clientCount === null && clients.length === 0;
  const speed = (kbps: number | null) => (kbps === null ? '—' : format.bitrate(kbps));
  return (
    <section data-testid="ap-clients">
      <Title order={2} size="h4" mb={6}>
        {untold ? t('card.clients') : t('card.clients-count', { count: clientCount ?? clients.length })}
      </Title>
      {clients.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t(untold ? 'card.clients-untold' : 'card.no-clients')}
        </Text>
      ) : (
        <>
          <ScrollArea.Autosize
            mah={420}
            type="auto"
            offsetScrollbars="present"
            viewportProps={{ tabIndex: 0 }}
          >
            <Table stickyHeader horizontalSpacing={6}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>MAC</Table.Th>
                  <Table.Th ta="right">{t('card.signal')}</Table.Th>
                  <Table.Th ta="right" visibleFrom="xs">
                    {t('card.connected')}
                  </Table.Th>
                  <Table.Th ta="right">{t('card.speed')}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody className="tabular">
                {clients.map((client, i) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: masked MACs are not unique, rows hold no state
                  <Table.Tr key={`${client.mac} ${i}`}>
                    <Table.Td ff="monospace">{client.mac}</Table.Td>
                    <Table.Td ta="right" style={{ whiteSpace: 'nowrap' }}>
                      {client.rssiDbm === null
                        ? '—'
                        : t('card.dbm', { value: format.number(client.rssiDbm) })}
                    </Table.Td>
                    <Table.Td ta="right" visibleFrom="xs">
                      {client.connectedS === null ? '—' : format.duration(client.connectedS * 1000)}
                    </Table.Td>
                    <Table.Td ta="right">
                      <span className={classes.speed}>{speed(client.rxKbps)} /</span>{' '}
                      <span className={classes.speed}>{speed(client.txKbps)}</span>
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </ScrollArea.Autosize>
          {!can('wifi.clients') && (
            <Text size="xs" c="dimmed" mt={6}>
              {t('card.mac-masked')}
            </Text>
          )}
        </>
      )}
    </section>
  );
}
