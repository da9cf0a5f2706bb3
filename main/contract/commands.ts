import { z } from 'zod';
import { DeviceId, Id, Page, UtcMs } from './common.ts';
import { DeviceKind, DeviceQuery } from './device.ts';
import { Band } from './radio-plan.ts';

/**
 * Commands to devices: what goes over MQTT (`CommandPayload`; the answer is `AckPayload` in `mqtt-payloads.ts`), and
 * what the console and the hub say to each other about runs of commands.
 */

export const CommandKinds = ['reboot', 'poe-cycle', 'locate', 'radio', 'ssid'] as const;
export const CommandKind = z.enum(CommandKinds);
export type CommandKind = z.infer<typeof CommandKind>;

const SsidName = z.string().min(1).max(64);
const OffS = z.int().min(1).max(60);
const TxPowerDbm = z.number().min(0).max(30);
const Channel = z.int().min(1).max(233);
const Width = z.union([z.literal(20), z.literal(40), z.literal(80), z.literal(160)]);

/* ------------------------------------------------------------------ over MQTT */

const envelope = {
  v: z.literal(1),
  /** The device that is to do it: of a `poe-cycle`, the switch. */
  id: DeviceId,
  /** The same however often the command is sent: it is done once, and answered again. */
  requestId: z.uuid(),
  /** By the device's own clock, UTC ms. A command that comes later is not done and answered with `expired`. */
  expiresTs: UtcMs,
};

/**
 * `…/{deviceId}/command`, QoS 1, never retained, from the hub alone; with MQTT 5 it carries the `ack` topic as response
 * topic, `requestId` as correlation data and the time left as message expiry.
 */
export const CommandPayload = z.discriminatedUnion('kind', [
  /** Accept, restart, come back with a new `session` or a smaller `uptimeS`. `done` may come before or after. */
  z.object({ ...envelope, kind: z.literal('reboot'), args: z.object({}) }),
  z.object({
    ...envelope,
    kind: z.literal('poe-cycle'),
    /** Takes the power from `port` for `offS` seconds. `peerId` is who hangs on it, as far as the hub knows. */
    args: z.object({ port: z.string().min(1).max(40), offS: OffS, peerId: DeviceId }),
  }),
  /** Blinks until told otherwise, or for `forS` seconds. `state.locating` says whether it does. */
  z.object({
    ...envelope,
    kind: z.literal('locate'),
    args: z.object({ on: z.boolean(), forS: z.int().min(1).max(86_400).optional() }),
  }),
  /**
   * Sets what is given at the radio of the band. A point that cannot reach the broker again within `revertAfterS`
   * seconds after the change takes back what it had before, and then says `reverted`.
   */
  z.object({
    ...envelope,
    kind: z.literal('radio'),
    revertAfterS: z.int().min(10).max(3600),
    args: z.object({
      band: Band,
      channel: Channel.optional(),
      widthMHz: Width.optional(),
      txPowerDbm: TxPowerDbm.optional(),
    }),
  }),
  z.object({
    ...envelope,
    kind: z.literal('ssid'),
    args: z.object({ ssid: SsidName, enabled: z.boolean() }),
  }),
]);
export type CommandPayload = z.infer<typeof CommandPayload>;

/* ------------------------------------------------------------------ between console and hub */

/** What is wanted. `poe-cycle` is asked for the point or camera at the far end; the hub finds its switch and port. */
export const CommandSpec = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('reboot') }),
  z.strictObject({ kind: z.literal('poe-cycle'), offS: OffS.default(5) }),
  z.strictObject({
    kind: z.literal('locate'),
    on: z.boolean(),
    /** Only with `on`. */
    minutes: z.int().min(1).max(240).optional(),
  }),
  z.strictObject({
    kind: z.literal('radio'),
    band: Band,
    /** Channel and width go together: a channel is right or wrong only with its width. */
    channel: Channel.optional(),
    widthMHz: Width.optional(),
    txPowerDbm: TxPowerDbm.optional(),
    revertAfterS: z.int().min(30).max(900).optional(),
  }),
  z.strictObject({ kind: z.literal('ssid'), ssid: SsidName, enabled: z.boolean() }),
]);
export type CommandSpec = z.infer<typeof CommandSpec>;

/** Devices in one run, at most. */
export const RUN_LIMIT = 5_000;

/** Named one by one, or by the filter of a list. */
export const CommandTarget = z.union([
  z.strictObject({ deviceIds: z.array(DeviceId).min(1).max(RUN_LIMIT) }),
  z.strictObject({
    query: DeviceQuery.pick({
      q: true,
      kind: true,
      status: true,
      okrug: true,
      district: true,
      group: true,
      parent: true,
    }).strict(),
  }),
]);
export type CommandTarget = z.infer<typeof CommandTarget>;

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
  /** A command of the kind is still under way there. */
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

/**
 * One device's command. `waiting` for its stage → `sent` to the broker → `accepted` → `done` by its own word →
 * `confirmed` by a later state that shows the effect. The others are ends too: `unconfirmed` means that no state showed
 * the effect in time, whatever the device said; `cancelled` that the run was stopped before it was sent.
 */
export const CommandStates = [
  'waiting',
  'sent',
  'accepted',
  'done',
  'confirmed',
  'skipped',
  'cancelled',
  'rejected',
  'expired',
  'failed',
  'reverted',
  'unconfirmed',
] as const;
export const CommandState = z.enum(CommandStates);
export type CommandState = z.infer<typeof CommandState>;

/** Why a command ended as it did; the console words each (`commands:reason.<code>`). A skipped one has a `SkipReason`. */
export const CommandReasons = [
  /** The device's own words are in `deviceReason`. */
  'device-said',
  /** No answer before it expired. */
  'no-answer',
  /** It answered, and then nothing showed the effect. */
  'no-effect',
  /** It never came back after the command. */
  'gone',
  /** The right was withdrawn before it was sent. */
  'right-withdrawn',
  'run-stopped',
  /** The broker could not be reached before it expired. */
  'not-sent',
  /** The device was removed from the registry. */
  'removed',
] as const;
export const CommandReason = z.enum([...SkipReasons, ...CommandReasons]);
export type CommandReason = z.infer<typeof CommandReason>;

export const Command = z.object({
  /** `requestId` on the wire. */
  id: z.uuid(),
  runId: Id,
  /** Who ordered its run. */
  personName: z.string(),
  deviceId: DeviceId,
  deviceName: z.string(),
  deviceKind: DeviceKind,
  spec: CommandSpec,
  via: z.object({ id: DeviceId, port: z.string() }).nullable(),
  /** From 0; -1 for what was left out at the start. */
  stage: z.int(),
  state: CommandState,
  reason: CommandReason.nullable(),
  deviceReason: z.string().nullable(),
  /** What it had when the command was sent, and what the state that settled it showed. */
  before: Shown.nullable(),
  after: Shown.nullable(),
  askedAt: UtcMs,
  sentAt: UtcMs.nullable(),
  acceptedAt: UtcMs.nullable(),
  doneAt: UtcMs.nullable(),
  endedAt: UtcMs.nullable(),
  /** Until when an answer, then the effect, is waited for (UTC ms by the hub's clock); null when nothing is. */
  waitsUntil: UtcMs.nullable(),
});
export type Command = z.infer<typeof Command>;

/** `paused`: waits for a person to continue or stop it, for the reason given. */
export const RunStates = ['running', 'paused', 'done', 'stopped'] as const;
export const RunState = z.enum(RunStates);
export type RunState = z.infer<typeof RunState>;

/** Why a run is paused or stopped (`commands:run.<code>`). */
export const RunReasons = [
  'stage-ended',
  'failures',
  'right-withdrawn',
  'person',
  'account-closed',
  /** Paused, and continued by nobody for a day. */
  'forgotten',
] as const;
export const RunReason = z.enum(RunReasons);
export type RunReason = z.infer<typeof RunReason>;

export const CommandRun = z.object({
  id: Id,
  spec: CommandSpec,
  person: z.object({ id: Id, name: z.string() }),
  reason: z.string(),
  startedAt: UtcMs,
  endedAt: UtcMs.nullable(),
  state: RunState,
  stateReason: RunReason.nullable(),
  /** The stage that is under way, from 0. */
  stage: z.int(),
  stages: z.array(z.int()),
  expiresInS: z.int(),
  stopAtFailedPct: z.int(),
  pauseBetweenStages: z.boolean(),
  /** Only of devices that the reader may see. */
  counts: z.partialRecord(CommandState, z.int()),
  /** Where the reader may see exactly one device of it, that one. */
  device: z.object({ id: DeviceId, name: z.string() }).nullable(),
  /** Whether the reader may stop and continue it. */
  mine: z.boolean(),
});
export type CommandRun = z.infer<typeof CommandRun>;

export const CommandRunPage = Page(CommandRun);
export type CommandRunPage = z.infer<typeof CommandRunPage>;
export const CommandPage = Page(Command);
export type CommandPage = z.infer<typeof CommandPage>;

/** `GET /api/commands`: runs, newest first. */
export const RunQuery = z.object({
  state: RunState.optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(64).optional(),
});
export type RunQuery = z.infer<typeof RunQuery>;

/** `GET /api/commands/:id/devices` and `GET /api/devices/:id/commands` (newest first). */
export const CommandQuery = z.object({
  state: CommandState.optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
  cursor: z.string().max(64).optional(),
});
export type CommandQuery = z.infer<typeof CommandQuery>;

/** `POST /api/commands/:id/continue` | `/stop` answer with the run. What is under way at a device is not called back. */
