import { Stack, Table, Text, Title } from '@mantine/core';
import { Fragment } from 'react';
import { useTranslation } from 'react-i18next';
import type { DeviceHealth, Radio } from '../../main/contract/health.ts';
import { useSession } from '../hub/session.tsx';
import { AirtimeBar } from '../ui/AirtimeBar.tsx';
import { useFormat } from '../ui/useFormat.ts';
import { ClientsSection } from './ClientsSection.tsx';
import classes from './device.module.css';

function RadioRow({ radio }: { radio: Radio }) {
  const { t } = useTranslation('devices');
  const format = useFormat();
  const load = radio.utilisation;
  return (
    <Fragment>
      <Text span inherit fw={600}>
        {t('ghz', { band: format.number(Number(radio.band), 1) })}
      </Text>
      {load === null ? (
        <Text span inherit c="dimmed">
          {t('no-load-yet')}
        </Text>
      ) : (
        <div>
          <span className="visually-hidden">{t('utilisation')}</span>
          <AirtimeBar value={load} text={format.percent(load)} />
        </div>
      )}
      <span />
      <Text span fz={12} c="dimmed">
        {t('radio', {
          channel: radio.channel,
          width: format.number(radio.widthMHz),
          noise: radio.noiseDbm === null ? '—' : format.number(radio.noiseDbm),
          power: radio.txPowerDbm === null ? '—' : format.number(radio.txPowerDbm),
        })}
      </Text>
    </Fragment>
  );
}

/** The air around an access point, its networks and who is on them. */
export function AccessPointPart({ health }: { health: DeviceHealth }) {
  const { t } = useTranslation('devices');
  const format = useFormat();
  const { can } = useSession();
  return (
    <Stack gap="md">
      <section>
        <Title order={3} size="h4" mb={6}>
          {t('radios')}
        </Title>
        {health.radios.length === 0 ? (
          <Text size="sm" c="dimmed">
            {t('no-radios')}
          </Text>
        ) : (
          <div className={classes.radio}>
            {health.radios.map((radio) => (
              <RadioRow key={`${radio.band} ${radio.channel}`} radio={radio} />
            ))}
          </div>
        )}
      </section>
      {health.ssids.length > 0 && (
        <section>
          <Title order={3} size="h4" mb={6}>
            {t('ssids')}
          </Title>
          <Table verticalSpacing={4} horizontalSpacing={0}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('ssid')}</Table.Th>
                <Table.Th ta="right">{t('clients')}</Table.Th>
                <Table.Th ta="right">{t('traffic')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody className="tabular">
              {health.ssids.map((ssid) => (
                <Table.Tr key={ssid.bssid || ssid.ssid}>
                  <Table.Td>
                    {ssid.ssid}
                    {!ssid.enabled && (
                      <Text span size="xs" c="dimmed">
                        {' '}
                        {t('ssid-off')}
                      </Text>
                    )}
                  </Table.Td>
                  <Table.Td ta="right">{format.number(ssid.clients)}</Table.Td>
                  <Table.Td ta="right">{format.bytes(ssid.rxB + ssid.txB)}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </section>
      )}
      {can('wifi.view') && <ClientsSection health={health} />}
    </Stack>
  );
}
