import { type HubConfig, isLoopback } from './config.ts';
import { type BrokerSettings, parseBrokerAddress } from './mqtt/settings.ts';
import type { DeviceCredentialCheck } from './mqtt/types.ts';
import { readSettingFile, readTls } from './tls-files.ts';

/** Connections to the embedded broker at a time; larger cities run a broker of their own. */
const CONNECTION_LIMIT = 15_000;

/** Which broker the settings mean. @throws AppError `mqtt-bad-address`, `file-unreadable` */
export function brokerSettings(
  { mqtt }: HubConfig,
  hubId: string,
  credentials: DeviceCredentialCheck,
): BrokerSettings {
  if (mqtt.url !== undefined) {
    const password = mqtt.passwordFile
      ? readSettingFile('mqtt.passwordFile', mqtt.passwordFile).trim()
      : mqtt.password;
    return {
      kind: 'external',
      address: parseBrokerAddress(mqtt.url).href,
      user: mqtt.user ?? null,
      password: password ?? null,
      ca: mqtt.caFile ? readSettingFile('mqtt.caFile', mqtt.caFile) : null,
      clientId: `kalancha-${hubId}`,
    };
  }
  return {
    kind: 'embedded',
    host: mqtt.host,
    port: mqtt.port,
    anonymousLocal: mqtt.anonymousLoopback && isLoopback(mqtt.host),
    credentials,
    ...(mqtt.tls ? { tls: readTls('mqtt.tls', mqtt.tls) } : {}),
    connectionLimit: CONNECTION_LIMIT,
  };
}
