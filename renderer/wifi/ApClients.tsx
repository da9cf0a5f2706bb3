import { ScrollArea, Table, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { DeviceHealth, StatusChange } from '../../main/contract/health.ts';
import { useSession } from '../hub/session.tsx';
import { StatusText } from '../ui/status.tsx';
import { useFormat } from '../ui/useFormat.ts';
import classes from './wifi.module.css';

/** Who is connected now. MACs come from the hub as far as the person may see them. */
export function ApClients({ health }: { health: DeviceHealth }) {
  const { t } = useTranslation('wifi');
  const { can } = useSession();
  const format = useFormat();
  const { clients, clientCount } = health;
  const speed = (kbps: number | null) => (kbps === null ? '—' : format.bitrate(kbps));
  return (
    <section>
      <Title order={3} size="h4" mb={6}>
        {t('card.clients-count', { count: clientCount ?? clients.length })}
      </Title>
      {clients.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('card.no-clients')}
        </Text>
      ) : (
        <>
          <ScrollArea.Autosize mah={300} type="auto">
            <Table miw={440} stickyHeader>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>MAC</Table.Th>
                  <Table.Th ta="right">{t('card.signal')}</Table.Th>
                  <Table.Th ta="right">{t('card.connected')}</Table.Th>
                  <Table.Th ta="right">{t('card.speed')}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody className="tabular">
                {clients.map((client, i) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: masked MACs are not unique, rows hold no state
                  <Table.Tr key={`${client.mac} ${i}`}>
                    <Table.Td ff="monospace">{client.mac}</Table.Td>
                    <Table.Td ta="right">
                      {client.rssiDbm === null
                        ? '—'
                        : t('card.dbm', { value: format.number(client.rssiDbm) })}
                    </Table.Td>
                    <Table.Td ta="right">
                      {client.connectedS === null ? '—' : format.duration(client.connectedS * 1000)}
                    </Table.Td>
                    <Table.Td ta="right">
                      {speed(client.rxKbps)} / {speed(client.txKbps)}
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

/** When the status changed, newest first. */
export function ApChanges({ changes }: { changes: readonly StatusChange[] }) {
  const { t } = useTranslation(['wifi', 'common']);
  const format = useFormat();
  return (
    <section>
      <Title order={3} size="h4" mb={6}>
        {t('card.changes')}
      </Title>
      {changes.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('card.no-changes')}
        </Text>
      ) : (
        changes.map(({ at, status, reason }) => (
          <div key={`${at} ${status}`} className={classes.change}>
            <time className="tabular" dateTime={new Date(at).toISOString()}>
              {format.dateTime(at)}
            </time>
            <div>
              <StatusText status={status} size={15} />
              {reason !== 'none' && (
                <Text size="xs" c="dimmed">
                  {t(`common:reason.${reason}`)}
                </Text>
              )}
            </div>
          </div>
        ))
      )}
    </section>
  );
}
