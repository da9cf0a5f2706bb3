import { z } from 'zod';
import { DeviceId, UtcMs } from './common.ts';
import { Monitoring } from './health.ts';

/** Console to hub, on `/api/events`. The first message must be `hello`. */
export const EventsRequest = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('hello'),
    /** Where to go on after a break; without it, or when it is too old, the hub answers with `reset`. */
    cursor: z.string().max(64).optional(),
  }),
  /** Devices whose full health the console shows now: told of at every report, not only at status changes. */
  z.object({ type: z.literal('watch'), deviceIds: z.array(DeviceId).max(200) }),
  z.object({ type: z.literal('ping') }),
]);
export type EventsRequest = z.infer<typeof EventsRequest>;

/** Hub to console. */
export const EventsMessage = z.discriminatedUnion('type', [
  /** The cursor is unknown or too old: fetch what you show anew, then go on from `cursor`. */
  z.object({ type: z.literal('reset'), cursor: z.string() }),
  /** Status changes, coalesced: device number, index in `HealthStatuses`, since (UTC ms). Only devices the person may view. */
  z.object({
    type: z.literal('status'),
    cursor: z.string(),
    changes: z.array(z.tuple([z.int(), z.int(), UtcMs])),
  }),
  /** A watched device reported or its stream changed: fetch it anew. */
  z.object({ type: z.literal('health'), deviceId: DeviceId }),
  /** The registry changed (devices added, edited, removed): fetch lists and the map anew. */
  z.object({ type: z.literal('devices'), cursor: z.string() }),
  /** The person's own rights changed: fetch the session and what is shown anew. */
  z.object({ type: z.literal('rights') }),
  /** The session ended: signed out, locked, expired. The hub closes the socket after it. */
  z.object({
    type: z.literal('session-ended'),
    reason: z.enum(['signed-out', 'locked', 'expired', 'demo-closed']),
  }),
  z.object({ type: z.literal('monitoring'), monitoring: Monitoring }),
  z.object({ type: z.literal('job'), jobId: z.string() }),
  /** Saved walls changed, maybe one that the person may see. */
  z.object({ type: z.literal('walls') }),
  /** Incidents or maintenance windows changed, maybe one that the person may see. */
  z.object({ type: z.literal('incidents') }),
  /** A run of commands went on at a device that the person may view: fetch it anew where it is shown. */
  z.object({ type: z.literal('command'), runId: z.string() }),
  z.object({ type: z.literal('pong'), at: UtcMs }),
]);
export type EventsMessage = z.infer<typeof EventsMessage>;
