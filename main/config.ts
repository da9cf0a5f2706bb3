import { readFileSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { z } from 'zod';
import { AppError, messageOf } from './base/errors.ts';
import { ConfigFile } from './config-file.ts';
import { nearest, sentenceOf } from './config-sentence.ts';

export type HubConfig = z.infer<typeof ConfigFile> & {
  dataDir: string;
  /** Whether this hub shows the demonstration city. */
  demoMode: boolean;
  /** Set for an embedded hub: the token its one window sends. */
  launchToken?: string;
};

/** Given on the command line or by the shell; wins over environment and file. */
export interface ConfigOverrides {
  dataDir: string;
  configFile?: string | undefined;
  port?: number | undefined;
  mqttPort?: number | undefined;
  demo?: boolean | undefined;
  launchToken?: string | undefined;
}

/** Environment variables that are settings; each names the key that it sets. */
const ENVIRONMENT: Record<string, { path: [string, string]; number?: true }> = {
  KALANCHA_HTTP_HOST: { path: ['http', 'host'] },
  KALANCHA_HTTP_PORT: { path: ['http', 'port'], number: true },
  KALANCHA_MQTT_URL: { path: ['mqtt', 'url'] },
  KALANCHA_MQTT_USER: { path: ['mqtt', 'user'] },
  KALANCHA_MQTT_PASSWORD: { path: ['mqtt', 'password'] },
  KALANCHA_MQTT_PASSWORD_FILE: { path: ['mqtt', 'passwordFile'] },
  KALANCHA_MQTT_CA_FILE: { path: ['mqtt', 'caFile'] },
  KALANCHA_MQTT_CLIENT_CERT_FILE: { path: ['mqtt', 'clientCertFile'] },
  KALANCHA_MQTT_CLIENT_KEY_FILE: { path: ['mqtt', 'clientKeyFile'] },
  KALANCHA_MQTT_HOST: { path: ['mqtt', 'host'] },
  KALANCHA_MQTT_PORT: { path: ['mqtt', 'port'], number: true },
  KALANCHA_CITY_ID: { path: ['city', 'id'] },
  KALANCHA_CITY_TIME_ZONE: { path: ['city', 'timeZone'] },
  KALANCHA_RECORDING_DIR: { path: ['recording', 'dir'] },
  KALANCHA_RECORDING_RETENTION_DAYS: { path: ['recording', 'retentionDays'], number: true },
  KALANCHA_RECORDING_MAX_BYTES: { path: ['recording', 'maxBytes'], number: true },
  KALANCHA_WIFI_CLIENT_DAYS: { path: ['wifi', 'clientDays'], number: true },
  KALANCHA_HISTORY_SAMPLE_DAYS: { path: ['history', 'sampleDays'], number: true },
  KALANCHA_COMMANDS_KEEP_DAYS: { path: ['commands', 'keepDays'], number: true },
  KALANCHA_HISTORY_AGGREGATE_DAYS: { path: ['history', 'aggregateDays'], number: true },
  KALANCHA_HOLDS_DEFAULT_DAYS: { path: ['holds', 'defaultDays'], number: true },
  KALANCHA_HOLDS_MAX_DAYS: { path: ['holds', 'maxDays'], number: true },
  KALANCHA_HOLDS_MAX_SHARE: { path: ['holds', 'maxShare'], number: true },
  KALANCHA_HOLDS_HOURS_PER_PERSON: { path: ['holds', 'hoursPerPerson'], number: true },
  KALANCHA_EXPORT_DIR: { path: ['export', 'dir'] },
  KALANCHA_EXPORT_KEEP_DAYS: { path: ['export', 'keepDays'], number: true },
  KALANCHA_EXPORT_MAX_BYTES: { path: ['export', 'maxBytes'], number: true },
  KALANCHA_VIDEO_FFMPEG: { path: ['video', 'ffmpeg'] },
  KALANCHA_DEMO_SEED: { path: ['demo', 'seed'], number: true },
  KALANCHA_DEMO_CAMERAS: { path: ['demo', 'cameras'], number: true },
  KALANCHA_DEMO_ACCESS_POINTS: { path: ['demo', 'accessPoints'], number: true },
  KALANCHA_DEMO_RATE: { path: ['demo', 'rate'], number: true },
  KALANCHA_LOG_LEVEL: { path: ['log', 'level'] },
};

/** Variables of the launcher, the shell and the tests, which are no settings of a hub. */
const NOT_SETTINGS = new Set([
  'KALANCHA_DATA',
  'KALANCHA_LAUNCHER',
  'KALANCHA_PARENT',
  'KALANCHA_CHROMIUM',
  'KALANCHA_HUB_NODE',
  'KALANCHA_TEST_ELECTRON',
]);

/**
 * Settings from file, environment and overrides, the later winning.
 * @throws AppError `config-unreadable`, `config-invalid`; its sentence names the key or variable and what to do
 */
export function loadConfig(
  overrides: ConfigOverrides,
  environment: Record<string, string | undefined>,
): HubConfig {
  const settings = overrides.configFile ? readConfigFile(overrides.configFile) : {};
  for (const [name, value] of Object.entries(environment)) {
    if (!name.startsWith('KALANCHA_') || NOT_SETTINGS.has(name) || value === undefined) continue;
    const setting = ENVIRONMENT[name];
    if (!setting)
      throw invalid(
        `The environment variable ${name} is no setting of Kalancha.${nearest(name, Object.keys(ENVIRONMENT))}`,
      );
    set(settings, setting.path, setting.number && value.trim() !== '' ? Number(value) : value);
  }
  if (overrides.port !== undefined) set(settings, ['http', 'port'], overrides.port);
  if (overrides.mqttPort !== undefined) set(settings, ['mqtt', 'port'], overrides.mqttPort);

  const parsed = ConfigFile.safeParse(settings);
  if (!parsed.success)
    throw invalid(`${overrides.configFile ?? 'The settings'}: ${sentenceOf(parsed.error)}`);
  const config: HubConfig = {
    ...parsed.data,
    dataDir: resolve(overrides.dataDir),
    demoMode: overrides.demo ?? false,
  };
  if (overrides.launchToken !== undefined) config.launchToken = overrides.launchToken;
  if (config.recording.dir !== undefined && config.recording.dirs !== undefined)
    throw invalid('Set either recording.dir, for one disk, or recording.dirs, for several; not both.');
  refuseOpenDoors(config);
  refuseHalfCertificates(config);
  return config;
}

export interface FootageFolder {
  /** Absolute. */
  folder: string;
  maxBytes: number | null;
  minFreeBytes: number;
}

/** Where footage goes, one folder a disk. */
export function footageFolders({ dataDir, recording }: HubConfig): FootageFolder[] {
  const { dir, dirs, maxBytes, minFreeBytes } = recording;
  return (dirs ?? [{ dir: dir ?? 'footage' }]).map((entry) => {
    const own = typeof entry === 'string' ? { dir: entry } : entry;
    return {
      folder: isAbsolute(own.dir) ? own.dir : join(dataDir, own.dir),
      maxBytes: own.maxBytes ?? maxBytes ?? null,
      minFreeBytes: own.minFreeBytes ?? minFreeBytes,
    };
  });
}

/** Anything but loopback needs TLS (and, for MQTT, credentials). */
function refuseOpenDoors(config: HubConfig): void {
  if (!isLoopback(config.http.host) && !config.http.tls)
    throw invalid(
      `http.host ${config.http.host} is reached from other machines and needs TLS: set http.tls.certFile and http.tls.keyFile, or listen on 127.0.0.1.`,
    );
  if (config.mqtt.url === undefined && !isLoopback(config.mqtt.host) && !config.mqtt.tls)
    throw invalid(
      `mqtt.host ${config.mqtt.host} is reached from other machines and needs TLS: set mqtt.tls.certFile and mqtt.tls.keyFile, or listen on 127.0.0.1.`,
    );
}

function refuseHalfCertificates({ mqtt }: HubConfig): void {
  if ((mqtt.clientCertFile === undefined) !== (mqtt.clientKeyFile === undefined))
    throw invalid('Set mqtt.clientCertFile and mqtt.clientKeyFile together: a certificate needs its key.');
  if (mqtt.clientCertFile !== undefined && !mqtt.url?.startsWith('mqtts:'))
    throw invalid('mqtt.clientCertFile is for an external broker reached by TLS: set mqtt.url to mqtts://….');
  if (!mqtt.tls?.clientCaFile && (mqtt.tls?.clientCrlFile || mqtt.tls?.requireClientCertificates))
    throw invalid(
      'Set mqtt.tls.clientCaFile, the authority that signs devices’ certificates, or leave mqtt.tls.clientCrlFile and mqtt.tls.requireClientCertificates out.',
    );
}

export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);

function readConfigFile(file: string): Record<string, unknown> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new AppError(
      'config-unreadable',
      500,
      `The settings file ${file} cannot be read (${messageOf(error)}).`,
      { file },
    );
  }
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(text));
  } catch (error) {
    throw new AppError(
      'config-unreadable',
      500,
      `The settings file ${file} is not a JSON object (${messageOf(error).split('\n')[0]}).`,
      { file },
    );
  }
}

function set(settings: Record<string, unknown>, [group, key]: [string, string], value: unknown): void {
  const inner = settings[group];
  settings[group] = { ...(typeof inner === 'object' && inner !== null ? inner : {}), [key]: value };
}

const invalid = (sentence: string) => new AppError('config-invalid', 500, sentence);
