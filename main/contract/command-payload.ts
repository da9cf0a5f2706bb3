import { z } from 'zod';
import { ChannelNumber, OffS, SsidName, TxPowerDbm, WidthMHz } from './command-values.ts';
import { DeviceId, UtcMs } from './common.ts';
import { Band } from './radio-plan.ts';

/** Commands as they go over MQTT. The answer is `AckPayload` in `mqtt-payloads.ts`. */

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
      channel: ChannelNumber.optional(),
      widthMHz: WidthMHz.optional(),
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
