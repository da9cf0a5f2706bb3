import { type HubConfig, isLoopback } from './config.ts';
import {
  type BrokerCertificates,
  type BrokerSecrets,
  type BrokerSettings,
  type EmbeddedBrokerSettings,
  parseBrokerAddress,
} from './mqtt/settings.ts';
import type { DeviceCredentialCheck } from './mqtt/types.ts';
import { readSettingFile, readTls } from './tls-files.ts';

/** Connections to the embedded broker at a time: 15,000 devices and whoever reads along; larger cities run a broker. */
const CONNECTION_LIMIT = 16_000;
/** How often certificates are looked at again, ms: one taken back must not wait for a restart. */
const CERTIFICATES_EVERY_MS = 60_000;

/** Which broker the settings mean. @throws AppError `mqtt-bad-address`, `file-unreadable` */
export function brokerSettings(
  { mqtt }: HubConfig,
  hubId: string,
  credentials: DeviceCredentialCheck,
): BrokerSettings {
  if (mqtt.url !== undefined) {
    const renew = () => brokerSecrets(mqtt);
    return {
      ...{ kind: 'external', address: parseBrokerAddress(mqtt.url).href, clientId: `kalancha-${hubId}` },
      ...renew(),
      renew,
    };
  }
  return {
    kind: 'embedded',
    host: mqtt.host,
    port: mqtt.port,
    anonymousLocal: mqtt.anonymousLoopback && isLoopback(mqtt.host),
    credentials,
    ...(mqtt.tls ? { tls: brokerTls(mqtt.tls) } : {}),
    connectionLimit: CONNECTION_LIMIT,
  };
}

function brokerSecrets(mqtt: HubConfig['mqtt']): BrokerSecrets {
  const { passwordFile, caFile, clientCertFile, clientKeyFile } = mqtt;
  const password = passwordFile ? readSettingFile('mqtt.passwordFile', passwordFile).trim() : mqtt.password;
  return {
    user: mqtt.user ?? null,
    password: password ?? null,
    ca: caFile ? readSettingFile('mqtt.caFile', caFile) : null,
    ...(clientCertFile && clientKeyFile
      ? {
          certificate: {
            cert: readSettingFile('mqtt.clientCertFile', clientCertFile),
            key: readSettingFile('mqtt.clientKeyFile', clientKeyFile),
          },
        }
      : {}),
  };
}

function brokerTls(tls: NonNullable<HubConfig['mqtt']['tls']>): NonNullable<EmbeddedBrokerSettings['tls']> {
  const read = () => brokerCertificates(tls);
  return { ...read(), renewal: { read, everyMs: CERTIFICATES_EVERY_MS } };
}

function brokerCertificates(tls: NonNullable<HubConfig['mqtt']['tls']>): BrokerCertificates {
  const { clientCaFile, clientCrlFile, requireClientCertificates: required } = tls;
  const own = readTls('mqtt.tls', tls);
  if (!clientCaFile) return own;
  return {
    ...own,
    clients: {
      ca: readSettingFile('mqtt.tls.clientCaFile', clientCaFile),
      ...(clientCrlFile ? { crl: readSettingFile('mqtt.tls.clientCrlFile', clientCrlFile) } : {}),
      required,
    },
  };
}
