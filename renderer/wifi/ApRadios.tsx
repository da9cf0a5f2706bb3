import { Badge, ScrollArea, Table, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { DeviceHealth, Radio } from '../../main/contract/health.ts';
import { useFormat } from '../ui/useFormat.ts';
import { UtilisationBar } from './columns.tsx';

/** The radios and how busy the air is. */
export function ApRadios({ radios }: { radios: readonly Radio[] }) {
  const { t } = useTranslation('wifi');
  const format = useFormat();
  const dbm = (value: number | null) =>
    value === null ? '—' : t('card.dbm', { value: format.number(value) });
  return (
    <section>
      <Title order={3} size="h4" mb={6}>
        {t('card.radios')}
      </Title>
      {radios.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('card.no-radios')}
        </Text>
      ) : (
        <ScrollArea type="auto">
          <Table miw={480}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('card.band')}</Table.Th>
                <Table.Th>{t('card.channel')}</Table.Th>
                <Table.Th>{t('card.width')}</Table.Th>
                <Table.Th>{t('card.power')}</Table.Th>
                <Table.Th>{t('card.noise')}</Table.Th>
                <Table.Th w={140}>{t('card.utilisation')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {radios.map((radio) => (
                <Table.Tr key={`${radio.band} ${radio.channel}`}>
                  <Table.Td>{t('card.ghz', { band: format.number(Number(radio.band), 1) })}</Table.Td>
                  <Table.Td className="tabular">{radio.channel}</Table.Td>
                  <Table.Td>{t('card.mhz', { width: format.number(radio.widthMHz) })}</Table.Td>
                  <Table.Td>{dbm(radio.txPowerDbm)}</Table.Td>
                  <Table.Td>{dbm(radio.noiseDbm)}</Table.Td>
                  <Table.Td>
                    {radio.utilisation === null ? (
                      '—'
                    ) : (
                      <UtilisationBar value={radio.utilisation} text={format.percent(radio.utilisation)} />
                    )}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </ScrollArea>
      )}
    </section>
  );
}

/** The networks that the point offers. */
export function ApSsids({ ssids }: { ssids: DeviceHealth['ssids'] }) {
  const { t } = useTranslation('wifi');
  const format = useFormat();
  if (ssids.length === 0) return null;
  return (
    <section>
      <Title order={3} size="h4" mb={6}>
        {t('card.ssids')}
      </Title>
      <ScrollArea type="auto">
        <Table miw={440}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('card.ssid')}</Table.Th>
              <Table.Th>BSSID</Table.Th>
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
                </Table.Td>
                <Table.Td>{ssid.bssid}</Table.Td>
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
