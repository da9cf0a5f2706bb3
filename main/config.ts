import { readFileSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { z } from 'zod';
import { AppError, messageOf } from './base/errors.ts';
import { DialectSettings } from './contract/dialects.ts';

const Port = z.int().min(0).max(65_535);
const Host = z.string().min(1).max(255);
const Path = z.string().min(1).max(4096);
const MaxBytes = z.int().min(10_000_000);
const MinFree = z.int().min(0);
const TlsFiles = z.strictObject({ certFile: Path, keyFile: Path });

/** Settings of a hub, as they stand in the file. Every key has a default; a key not named here is refused. */
export const ConfigFile = z.strictObject({
  http: z
    .strictObject({
      host: Host.default('127.0.0.1'),
      port: Port.default(8321),
      /** Names under which browsers reach this hub, beside the address it listens on: `kalancha.example.org`. */
      publicHosts: z.array(Host).max(20).default([]),
      tls: TlsFiles.optional(),
    })
    .prefault({}),
  mqtt: z
    .strictObject({
      /** Address of an external broker, `mqtt://` or `mqtts://`. Without it the hub runs its own. */
      url: z.string().max(2000).optional(),
      user: z.string().max(200).optional(),
      password: z.string().max(1000).optional(),
      passwordFile: Path.optional(),
      caFile: Path.optional(),
      /** The hub's own certificate, for an external broker that asks for one. */
      clientCertFile: Path.optional(),
      clientKeyFile: Path.optional(),
      /** Of the hub's own broker. */
      host: Host.default('127.0.0.1'),
      port: Port.default(1883),
      tls: TlsFiles.extend({
        /** Devices may sign in by certificates of this authority; the common name is the device's id. */
        clientCaFile: Path.optional(),
        /** Its list of certificates taken back. */
        clientCrlFile: Path.optional(),
        /** No certificate, no way in; otherwise a secret does as well. */
        requireClientCertificates: z.boolean().default(false),
      }).optional(),
      /** Devices on this very machine may report without credentials. Never holds for other addresses. */
      anonymousLoopback: z.boolean().default(true),
      /** What other standards' devices send, taken beside our own: docs/integration/dialects.md. */
      dialects: z.array(DialectSettings).max(20).default([]),
    })
    .prefault({}),
  city: z
    .strictObject({
      id: z
        .string()
        .regex(/^[a-z0-9-]{1,32}$/)
        .default('moscow'),
      timeZone: z
        .string()
        .max(64)
        .refine(isTimeZone, 'is not a time zone such as Europe/Moscow')
        .default('Europe/Moscow'),
      lat: z.number().min(-90).max(90).default(55.7522),
      lon: z.number().min(-180).max(180).default(37.6156),
      zoom: z.number().min(1).max(20).default(11),
    })
    .prefault({}),
  recording: z
    .strictObject({
      /** Where footage is kept; default is `footage` in the data folder. */
      dir: Path.optional(),
      /**
       * Several disks instead: `["/disk1/footage", { "dir": "/disk2/footage", "maxBytes": 4000000000000 }]`.
       * Each stands on a mount of its own; footage is spread over them and goes on when one fails.
       */
      dirs: z
        .array(
          z.union([
            Path,
            z.strictObject({ dir: Path, maxBytes: MaxBytes.optional(), minFreeBytes: MinFree.optional() }),
          ]),
        )
        .min(1)
        .max(64)
        .optional(),
      retentionDays: z.int().min(1).max(3650).default(5),
      /** Most bytes of footage; the oldest goes first. Without it the disk decides. */
      maxBytes: MaxBytes.optional(),
      /** Oldest footage goes before less than this is free on a disk: the database and the system need room too. */
      minFreeBytes: MinFree.default(2 * 2 ** 30),
    })
    .prefault({}),
  /** Copies of footage that people take away. */
  export: z
    .strictObject({
      /** Where finished ones are kept; default is `exports` in the data folder. */
      dir: Path.optional(),
      /** Days that one is kept for whoever ordered it. */
      keepDays: z.int().min(1).max(366).default(3),
      /** Most bytes of all of them together. */
      maxBytes: z.int().min(1_000_000).default(50_000_000_000),
    })
    .prefault({}),
  wifi: z
    .strictObject({
      /** Days for which the MACs of clients are kept, in what access points told of. */
      clientDays: z.number().min(0.05).max(366).default(7),
    })
    .prefault({}),
  history: z
    .strictObject({
      /** Days for which every single report is kept. */
      sampleDays: z.number().min(1).max(366).default(3),
      /** Days for which five-minute values are kept; hourly ones five times as long. */
      aggregateDays: z.number().min(1).max(3_660).default(365),
    })
    .prefault({}),
  /** Commands to devices. */
  commands: z
    .strictObject({
      /** Days for which it can be read what was commanded; the audit log keeps it for good. */
      keepDays: z.int().min(1).max(3650).default(365),
    })
    .prefault({}),
  /** Footage kept from deletion on somebody's word. */
  holds: z
    .strictObject({
      /** Days for which footage is kept when nobody says otherwise. */
      defaultDays: z.int().min(1).max(3650).default(30),
      maxDays: z.int().min(1).max(3650).default(365),
      /** Most of the room for footage that may be kept so, 0 to 1. */
      maxShare: z.number().min(0).max(1).default(0.3),
      /** Camera-hours that one person may keep at a time. */
      hoursPerPerson: z.number().min(0).max(1_000_000).default(240),
    })
    .prefault({}),
  /** Who outside the console is told of incidents. Secrets stand in files, never here. */
  notify: z
    .strictObject({
      webhooks: z
        .array(
          z.strictObject({
            url: z.url({ protocol: /^https?$/ }).max(2_000),
            secretFile: Path.optional(),
            minSeverity: z.enum(['critical', 'warning', 'info']).default('warning'),
          }),
        )
        .max(5)
        .default([]),
      email: z
        .strictObject({
          host: Host,
          port: Port.default(587),
          /** TLS from the first byte (port 465); else STARTTLS. */
          secure: z.boolean().default(false),
          user: z.string().max(200).optional(),
          passwordFile: Path.optional(),
          from: z.email(),
          to: z.array(z.email()).min(1).max(50),
          language: z.enum(['ru', 'en']).default('ru'),
          minSeverity: z.enum(['critical', 'warning', 'info']).default('critical'),
        })
        .optional(),
    })
    .prefault({}),
  video: z.strictObject({ ffmpeg: Path.default('ffmpeg') }).prefault({}),
  demo: z
    .strictObject({
      seed: z
        .int()
        .min(0)
        .max(2 ** 31)
        .default(1147),
      cameras: z.int().min(6).max(200_000).default(167_000),
      accessPoints: z.int().min(1).max(20_000).default(3_000),
      /** Health messages a second of the simulated fleet. */
      rate: z.int().min(1).max(60_000).default(600),
    })
    .prefault({}),
  log: z.strictObject({ level: z.enum(['debug', 'info', 'warn', 'error']).default('info') }).prefault({}),
});

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

function sentenceOf(error: z.ZodError): string {
  const issue = error.issues[0];
  if (!issue) return 'the settings are not valid.';
  const path = issue.path.join('.');
  if (issue.code === 'unrecognized_keys') {
    const key = issue.keys[0] ?? '';
    return `unknown key "${path ? `${path}.` : ''}${key}".${nearest(key, knownKeys(issue.path.map(String)))}`;
  }
  return `"${path}": ${issue.message}.`;
}

/** The keys that may stand at `path`. */
function knownKeys(path: string[]): string[] {
  let shape: unknown = ConfigFile.shape;
  for (const step of path) {
    const inner = z.record(z.string(), z.custom<z.ZodType>()).safeParse(shape).data?.[step];
    shape = unwrap(inner)?.shape;
  }
  return typeof shape === 'object' && shape !== null ? Object.keys(shape) : [];
}

function unwrap(schema: z.ZodType | undefined): z.ZodObject | undefined {
  if (schema instanceof z.ZodObject) return schema;
  if (schema instanceof z.ZodPrefault || schema instanceof z.ZodOptional || schema instanceof z.ZodDefault)
    return unwrap(schema.unwrap() as z.ZodType);
  return undefined;
}

/** " Did you mean x?" when something known is at most two edits away; else the list of what is known. */
function nearest(word: string, known: readonly string[]): string {
  const best = known
    .map((candidate) => ({ candidate, distance: editDistance(word.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance)[0];
  if (best && best.distance <= 2) return ` Did you mean "${best.candidate}"?`;
  return known.length > 0 ? ` Known here: ${known.join(', ')}.` : '';
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next.push(
        Math.min(
          (next[j - 1] ?? 0) + 1,
          (row[j] ?? 0) + 1,
          (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1),
        ),
      );
    row = next;
  }
  return row[b.length] ?? 0;
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

const invalid = (sentence: string) => new AppError('config-invalid', 500, sentence);
