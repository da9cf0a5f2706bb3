import { Badge, ScrollArea, Table, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { DeviceHealth } from '../../main/contract/health.ts';
import { useFormat } from '../ui/useFormat.ts';

/** The networks that the point offers. */
export function ApSsids({ ssids }: Pick<DeviceHealth, 'ssids'>) {
  const { t } = useTranslation('wifi');
  const format = useFormat();
  if (ssids.length === 0) return null;
  return (
    <section data-testid="ap-ssids">
      <Title order={2} size="h4" mb={6}>
        {t('card.ssids')}
      </Title>
      <ScrollArea type="auto" viewportProps={{ tabIndex: 0 }}>
        <Table horizontalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('card.ssid')}</Table.Th>
              <Table.Th ta="right">{t('card.clients')}</Table.Th>
              <Table.Th ta="right">{t('card.received')}</Table.Th>
              <Table.Th ta="right">{t('card.sent')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody className="tabular">
            {ssids.map((ssid) => (
              <Table.Tr key={`${ssid.ssid} ${ssid.bssid}`}>
                <Table.Td>
                  {ssid.ssid}{' '}
                  {!ssid.enabled && (
                    <Badge size="xs" color="gray" tt="none">
                      {t('card.ssid-off')}
                    </Badge>
                  )}
                  <Text size="xs" c="dimmed" ff="monospace">
                    {ssid.bssid}
                  </Text>
                </Table.Td>
                <Table.Td ta="right">{format.number(ssid.clients)}</Table.Td>
                <Table.Td ta="right">{format.bytes(ssid.rxB)}</Table.Td>
                <Table.Td ta="right">{format.bytes(ssid.txB)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </ScrollArea>
    </section>
  );
}
