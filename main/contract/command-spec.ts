import { z } from 'zod';
import { ChannelNumber, OffS, SsidName, TxPowerDbm, WidthMHz } from './command-values.ts';
import { DeviceId } from './common.ts';
import { DeviceQuery } from './device.ts';
import { Band } from './radio-plan.ts';

export const CommandKinds = ['reboot', 'poe-cycle', 'locate', 'radio', 'ssid'] as const;
export const CommandKind = z.enum(CommandKinds);
export type CommandKind = z.infer<typeof CommandKind>;

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
    channel: ChannelNumber.optional(),
    widthMHz: WidthMHz.optional(),
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
