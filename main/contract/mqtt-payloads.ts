import { type Static, type TObject, type TProperties, Type } from '@sinclair/typebox';

/**
 * Canonical payloads of `kalancha/v1/…` (JSON, UTF-8). TypeBox, not zod: these are checked thousands of times a
 * second. Fields beyond these are allowed and ignored, so that newer firmware is not taken for broken.
 */
export const PAYLOAD_LIMIT_BYTES = 64 * 1024;
export const PAYLOAD_LIMIT_LEVELS = 8;

const counter = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
const amount = Type.Number({ minimum: 0, maximum: 1e15 });
const percent = Type.Number({ minimum: 0, maximum: 100 });
const signal = Type.Number({ minimum: -200, maximum: 100 });
const text = (maxLength: number) => Type.String({ maxLength });
const optional = Type.Optional;

/** What every report names: version, device, its run (`session` grows at each start) and place in it (`seq`). */
const report = {
  v: Type.Literal(1),
  id: Type.String({ minLength: 1, maxLength: 64 }),
  session: counter,
  seq: counter,
  /** The device's own clock, UTC ms. Never decides availability. */
  ts: counter,
};

const running = {
  uptimeS: optional(amount),
  firmware: optional(text(120)),
  configId: optional(text(120)),
  locating: optional(Type.Boolean()),
  cpuPct: optional(percent),
  memory: optional(Type.Object({ totalB: amount, freeB: amount })),
  uplink: optional(
    Type.Object({
      parentId: optional(text(64)),
      port: optional(text(40)),
      mbps: optional(amount),
    }),
  ),
};

const reporting = <T extends TProperties>(properties: T): TObject<typeof report & T> =>
  Type.Object({ ...report, ...properties });

/** Birth and Will alike: the broker publishes the one with `online` false when the device's connection breaks. */
export const StatusPayload = Type.Object({
  v: Type.Literal(1),
  id: Type.String({ minLength: 1, maxLength: 64 }),
  online: Type.Boolean(),
  session: counter,
  ts: optional(counter),
  /** How often the device reports, seconds. */
  heartbeatS: optional(Type.Number({ minimum: 1, maximum: 86_400 })),
});
export type StatusPayload = Static<typeof StatusPayload>;

export const AccessPointState = reporting({
  ...running,
  radios: optional(
    Type.Array(
      Type.Object({
        band: Type.Union([Type.Literal('2.4'), Type.Literal('5'), Type.Literal('6')]),
        channel: Type.Integer({ minimum: 0, maximum: 300 }),
        widthMHz: Type.Number({ minimum: 1, maximum: 640 }),
        txPowerDbm: optional(signal),
        noiseDbm: optional(signal),
        /** Counters of one session, ms: they only ever grow in it. */
        activeMs: optional(amount),
        busyMs: optional(amount),
        rxMs: optional(amount),
        txMs: optional(amount),
      }),
      { maxItems: 8 },
    ),
  ),
  ssids: optional(
    Type.Array(
      Type.Object({
        ssid: text(64),
        bssid: text(40),
        enabled: Type.Boolean(),
        clients: counter,
        rxB: amount,
        txB: amount,
      }),
      { maxItems: 64 },
    ),
  ),
  clients: optional(
    Type.Array(
      Type.Object({
        mac: text(40),
        rssiDbm: optional(signal),
        connectedS: optional(amount),
        rxKbps: optional(amount),
        txKbps: optional(amount),
      }),
      { maxItems: 1024 },
    ),
  ),
});
export type AccessPointState = Static<typeof AccessPointState>;

export const SwitchState = reporting({
  ...running,
  ports: optional(
    Type.Array(
      Type.Object({
        port: text(40),
        up: Type.Boolean(),
        mbps: optional(amount),
        poe: optional(Type.Object({ on: Type.Boolean(), watts: optional(amount) })),
        peerId: optional(text(64)),
      }),
      { maxItems: 512 },
    ),
  ),
});
export type SwitchState = Static<typeof SwitchState>;

export const CameraState = reporting({
  uptimeS: optional(amount),
  firmware: optional(text(120)),
  temperatureC: optional(Type.Number({ minimum: -100, maximum: 200 })),
  storage: optional(Type.Object({ totalB: amount, freeB: amount })),
  stream: optional(
    Type.Object({
      fps: optional(Type.Number({ minimum: 0, maximum: 1000 })),
      bitrateKbps: optional(amount),
      resolution: optional(text(40)),
    }),
  ),
  tamper: optional(Type.Boolean()),
});
export type CameraState = Static<typeof CameraState>;

export const EventPayload = reporting({
  type: Type.String({ minLength: 1, maxLength: 80 }),
  severity: Type.Union([Type.Literal('info'), Type.Literal('warning'), Type.Literal('critical')]),
  source: optional(Type.Record(Type.String({ maxLength: 80 }), Type.Unknown())),
  data: optional(Type.Record(Type.String({ maxLength: 80 }), Type.Unknown())),
});
export type EventPayload = Static<typeof EventPayload>;

/** Devices of which one message of a gateway may tell; its bytes are limited as everybody's. */
export const GATEWAY_ENTRIES = 500;
/** An entry lies two levels deeper than a message of its own would. */
export const GATEWAY_LIMIT_LEVELS = PAYLOAD_LIMIT_LEVELS + 2;

/** Looked at one by one with the schema of its kind: a broken entry costs its own device, not the others. */
const entries = optional(
  Type.Array(Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) }), {
    maxItems: GATEWAY_ENTRIES,
  }),
);

/**
 * `…/gateway/{gatewayId}/state` and `…/event`: what a gateway says for the devices that the registry has below it. Each
 * entry is exactly the message that the device would send itself (`StatusPayload`, a state of its kind, `EventPayload`,
 * `AckPayload`), with its own id, session, seq and ts. On `state` a message may be lost under load and also tells of the
 * gateway itself, as a switch's does; what must not be lost goes on `event`. The gateway's own birth and Will are a
 * `StatusPayload` on its `status` channel and say nothing of the others.
 */
export const GatewayReport = reporting({
  ...running,
  statuses: entries,
  states: entries,
  events: entries,
  acks: entries,
});
export type GatewayReport = Static<typeof GatewayReport>;

/**
 * `…/{deviceId}/ack`: a device's answer to a `CommandPayload` (`command-payload.ts`), said again when the same command
 * comes again. `done` is the device's word; the command is confirmed only when a later state shows its effect.
 */
export const AckPayload = Type.Object({
  v: Type.Literal(1),
  id: Type.String({ minLength: 1, maxLength: 64 }),
  session: counter,
  requestId: Type.String({ minLength: 1, maxLength: 64 }),
  state: Type.Union([
    Type.Literal('accepted'),
    Type.Literal('done'),
    Type.Literal('rejected'),
    Type.Literal('expired'),
    /** It took back a change of its radio because it could not reach the broker with it. */
    Type.Literal('reverted'),
  ]),
  /** In the device's own words, for people. */
  reason: optional(text(500)),
  ts: optional(counter),
});
export type AckPayload = Static<typeof AckPayload>;
