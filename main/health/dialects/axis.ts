import { Type } from '@sinclair/typebox';
import { TypeCompiler } from '@sinclair/typebox/compiler';
import { type Dialect, type Finding, isName, refused, understood } from './dialect.ts';
import { maybe, parseDialect } from './json.ts';

const Pairs = maybe(Type.Record(Type.String({ maxLength: 80 }), Type.Unknown()));
const serial = Type.Optional(Type.String({ maxLength: 64 }));

const eventCheck = TypeCompiler.Compile(
  Type.Object({
    timestamp: maybe(Type.Number({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
    topic: Type.String({ minLength: 1, maxLength: 400 }),
    message: Type.Object({ source: Pairs, key: Pairs, data: Pairs }),
    serial,
  }),
);
const connectionCheck = TypeCompiler.Compile(
  Type.Object({ connected: Type.Boolean(), serial, serialNumber: serial }),
);

const TYPE_LIMIT = 80;

/** Events that tell of harm, unless their state says that it is over (VAPIX, event declarations). */
const HARM = /^onvif:(Device\/axis:(Tampering|HardwareFailure|Casing)|VideoSource\/axis:Tampering)\b/;

/**
 * Axis cameras (developer.axis.com, "MQTT Event Bridge" and "MQTT client API"): events on
 * `axis/{serial}/event/…`, where `axis/{serial}` is the camera's own prefix, and the connect, disconnect and
 * last-will messages on `axis/{serial}/event/connection`, whose text an administrator may set: its `connected` says
 * which it is. They are not numbered and count by arrival; a camera speaks only of changes. The serial number is the
 * MAC without separators.
 */
export const axis: Dialect = {
  name: 'axis',
  prefix: 'axis',
  heartbeatS: null,
  filters: [{ filter: '+/event/#', channel: 'event' }],
  address([name, word, ...levels]) {
    if (!isName(name) || word !== 'event' || levels.length === 0) return undefined;
    if (levels.length === 1 && levels[0] === 'connection')
      return { name, channel: 'status', subject: 'connection' };
    return levels.length < 2 ? undefined : { name, channel: 'event', subject: levels.join('/') };
  },
  read({ channel }, payload) {
    // An empty retained message only clears what the broker kept.
    if (payload.length === 0) return understood([]);
    return channel === 'status' ? connection(payload) : event(payload);
  },
};

function connection(payload: Uint8Array) {
  const parsed = parseDialect(connectionCheck, payload);
  if (!parsed.ok) return parsed;
  const { connected, serial, serialNumber } = parsed.value;
  return understood([{ kind: connected ? 'birth' : 'death' }], serial ?? serialNumber);
}

function event(payload: Uint8Array) {
  const parsed = parseDialect(eventCheck, payload);
  if (!parsed.ok) return parsed;
  const { timestamp, topic, message, serial } = parsed.value;
  if (timestamp && !Number.isInteger(timestamp)) return refused('wrong-field /timestamp');
  const over = Object.values(message.data ?? {}).some((value) => value === '0' || value === false);
  const finding: Finding = {
    kind: 'event',
    at: timestamp ?? null,
    type: `axis.${topic}`.slice(0, TYPE_LIMIT),
    severity: !over && HARM.test(topic) ? 'warning' : 'info',
    source: { ...message.source, ...message.key },
    data: { ...message.data },
  };
  return understood([finding], serial);
}
