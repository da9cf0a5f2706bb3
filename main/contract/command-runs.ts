import { z } from 'zod';
import { Shown, SkipReasons } from './command-preview.ts';
import { CommandSpec } from './command-spec.ts';
import { DeviceId, Id, Page, UtcMs } from './common.ts';
import { DeviceKind } from './device.ts';

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
