import { z } from 'zod';
import { CommandSpec, CommandTarget } from './command-spec.ts';
import { DeviceId, Id, UtcMs } from './common.ts';
import { DeviceKind } from './device.ts';

/** `POST /api/commands/preview` */
export const CommandRequest = z.strictObject({ command: CommandSpec, target: CommandTarget });
export type CommandRequest = z.infer<typeof CommandRequest>;

/** Why a device would be, or was, left out; the console words each (`commands:skip.<code>`). */
export const SkipReasons = [
  /** Also what the person may not see. */
  'not-found',
  'no-right',
  'wrong-kind',
  'never-seen',
  'offline',
  /** The hub cannot hear the devices now. */
  'unknown',
  /** It never spoke over MQTT in our own way: a stream alone, or another dialect, and nobody there takes commands. */
  'takes-none',
  'already-so',
  'no-radio',
  'no-ssid',
  /** No switch and port known to which it is connected. */
  'port-unknown',
  /** Two ports of the switch claim it, or the switch says that somebody else hangs there. */
  'port-unclear',
  'port-without-poe',
  'switch-offline',
  /** Something that goes down with it may not be commanded by this person. */
  'no-right-below',
  /** Another command is in the way: see `busyWith`. */
  'busy',
] as const;
export const SkipReason = z.enum(SkipReasons);
export type SkipReason = z.infer<typeof SkipReason>;

/** What to know before; it is done all the same (`commands:warning.<code>`). */
export const CommandWarnings = [
  /** `clients` people lose their connection for a while. */
  'cuts-clients',
  /** `children` devices below it go down with it. */
  'cuts-children',
  'maintenance',
  'suspect',
  'flapping',
  /** Its reports are broken: an effect may never be seen in them. */
  'bad-data',
  /** Its clock is off by more than 30 s; the time limit is given in its own time. */
  'skewed-clock',
  /** Its last network on air: nobody can connect any more. */
  'last-ssid',
  /** Radar is listened for first: a minute without this radio, and radar heard later moves it again. */
  'dfs',
  /** In Russia without a permit of its own only inside buildings. */
  'indoor-only',
  /** 40 MHz in the 2.4 GHz band leave room for one network. */
  'wide-in-2.4',
] as const;
export const CommandWarning = z.enum(CommandWarnings);
export type CommandWarning = z.infer<typeof CommandWarning>;

/** What a state shows of what a command may change; absent is not known or not of this command. */
export const Shown = z.object({
  channel: z.number().optional(),
  widthMHz: z.number().optional(),
  txPowerDbm: z.number().optional(),
  enabled: z.boolean().optional(),
  locating: z.boolean().optional(),
  /** Of `reboot` and `poe-cycle`: how long it runs since its last start. */
  uptimeS: z.number().optional(),
  session: z.number().optional(),
});
export type Shown = z.infer<typeof Shown>;

export const PreviewDevice = z.object({
  id: DeviceId,
  /** Null for what is not found. */
  num: z.int().nullable(),
  kind: DeviceKind.nullable(),
  name: z.string(),
  address: z.string(),
  /** Null: it will be done. */
  skip: SkipReason.nullable(),
  warnings: z.array(CommandWarning),
  /** Wi-Fi clients that are cut off; 0 where none, null where not known. */
  clients: z.int().nullable(),
  /** Devices below it that are cut off. */
  children: z.int(),
  /** `poe-cycle`: through which switch and port. */
  via: z.object({ id: DeviceId, name: z.string(), port: z.string() }).nullable(),
  /**
   * `busy`: the command in the way; `at` where, when that is another device. Null where it is at a device that the
   * person may not see.
   */
  busyWith: z
    .object({
      runId: Id,
      spec: CommandSpec,
      personName: z.string(),
      at: z.object({ id: DeviceId, name: z.string() }).nullable(),
    })
    .nullable(),
  /** What it has now of what will change; null where nothing can be told. */
  now: Shown.nullable(),
});
export type PreviewDevice = z.infer<typeof PreviewDevice>;

export const CommandPreview = z.object({
  /** Names exactly this: command, devices and what was said of them. Good until `until`, for one run. */
  token: z.string(),
  until: UtcMs,
  command: CommandSpec,
  /** What holds for all. */
  warnings: z.array(CommandWarning),
  devices: z.array(PreviewDevice),
  willRun: z.int(),
  skipped: z.int(),
  clients: z.int(),
  children: z.int(),
  /** How many devices each stage has: 1, then to 10 %, then the rest. */
  stages: z.array(z.int()),
});
export type CommandPreview = z.infer<typeof CommandPreview>;

/** `POST /api/commands`: what was previewed is done. */
export const CommandStart = z.strictObject({
  token: z.string().min(20).max(200),
  /** Made by the client, once for what it means to do once: the same key again answers with the same run. */
  key: z.uuid(),
  /** How long a command may take to reach its device, seconds from its sending. */
  expiresInS: z.int().min(10).max(3600).default(120),
  /** The run stops when more than this many per cent of a stage fail; the first stage bears no failure. */
  stopAtFailedPct: z.int().min(0).max(100).default(10),
  /** True: waits for a person after each stage. */
  pauseBetweenStages: z.boolean().default(false),
  /** Why, for the record: a ticket, a complaint. */
  reason: z.string().trim().max(300).default(''),
});
export type CommandStart = z.infer<typeof CommandStart>;
