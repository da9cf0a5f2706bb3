import { z } from 'zod';
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

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
