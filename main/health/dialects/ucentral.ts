import { inflateSync } from 'node:zlib';
import { type Static, Type } from '@sinclair/typebox';
import { TypeCompiler } from '@sinclair/typebox/compiler';
import type { DeviceKind } from '../../contract/device.ts';
import type { Parsed } from '../payloads.ts';
import { type Dialect, type Finding, isName, momentOf, refused, understood } from './dialect.ts';
import { parseDialect, percentOf } from './json.ts';
import { text } from './radio.ts';
import { UcentralState, ucentralFields } from './ucentral-state.ts';

/** A crowded access point's state is some 250 KB unpacked; what unpacks to more is meant to fill memory. */
const INFLATED_LIMIT_BYTES = 512 * 1024;

const serial = text(64);
const uuid = Type.Optional(Type.Union([Type.Number(), text(64), Type.Null()]));
const Params = Type.Object({
  serial: Type.Optional(serial),
  uuid,
  compress_64: Type.Optional(Type.String()),
  compress_sz: Type.Optional(Type.Number()),
  state: Type.Optional(UcentralState),
  sanity: Type.Optional(Type.Unknown()),
  data: Type.Optional(Type.Unknown()),
  firmware: Type.Optional(text(120)),
  timestamp: Type.Optional(Type.Number()),
  capabilities: Type.Optional(Type.Object({})),
  ping: Type.Optional(Type.Object({ serialNumber: serial, timestamp: Type.Optional(Type.Number()) })),
  disconnection: Type.Optional(
    Type.Object({ serialNumber: serial, timestamp: Type.Optional(Type.Number()) }),
  ),
});
type Params = Static<typeof Params>;

/** JSON-RPC as devices speak it, or the envelope in which the gateway passes it on. */
const Envelope = Type.Union([
  Type.Object({ jsonrpc: Type.Literal('2.0'), method: text(40), params: Params }),
  Type.Object({ system: Type.Object({}), payload: Params }),
]);

const envelopeCheck = TypeCompiler.Compile(Envelope);
const paramsCheck = TypeCompiler.Compile(Params);

/** The topics, and which methods of devices may come on them; the gateway gathers some on one. */
const SUBJECTS: ReadonlyMap<string | undefined, { channel: 'status' | 'state'; methods: readonly string[] }> =
  new Map([
    ['state', { channel: 'state', methods: ['state'] }],
    ['healthcheck', { channel: 'state', methods: ['healthcheck'] }],
    ['connection', { channel: 'status', methods: ['connect', 'ping'] }],
  ]);

/**
 * uCentral of TIP OpenWiFi: `state`, `healthcheck` and `connection` under `ucentral/{serial}/…`, as JSON-RPC
 * (wlan-cloud-ucentralgw, `PROTOCOL.md`) or as the gateway's messages (wlan-docs, `sdk-kafka`), which a bridge
 * publishes by those names. `compress_64` is base64 of zlib (`PROTOCOL.md`, "Compression"). A connection is the
 * birth, a disconnection the death; messages have no numbers and count by arrival. The serial is the MAC without
 * separators. Devices report about once a minute, as their configuration says.
 */
export const ucentral: Dialect = {
  name: 'ucentral',
  prefix: 'ucentral',
  heartbeatS: 60,
  filters: [
    { filter: '+/connection', channel: 'status' },
    { filter: '+/state', channel: 'state' },
    { filter: '+/healthcheck', channel: 'state' },
  ],
  address([name, subject, ...rest]) {
    const channel = SUBJECTS.get(subject)?.channel;
    if (!isName(name) || !subject || !channel || rest.length > 0) return undefined;
    return { name, channel, subject };
  },
  read({ subject }, payload, kind) {
    if (kind === 'camera') return refused('wrong-kind');
    const envelope = parseDialect(envelopeCheck, payload);
    if (!envelope.ok) return envelope;
    const method = 'method' in envelope.value ? envelope.value.method : undefined;
    if (method !== undefined && !SUBJECTS.get(subject)?.methods.includes(method))
      return refused('wrong-method');
    const params = unpacked('params' in envelope.value ? envelope.value.params : envelope.value.payload);
    if (!params.ok) return params;
    const findings = meaning(subject, method, params.value, kind);
    if (!findings) return refused(`wrong-field /${subject}`);
    const { serial, ping, disconnection } = params.value;
    const says = serial ?? ping?.serialNumber ?? disconnection?.serialNumber;
    return says === undefined ? refused('wrong-field /serial') : understood(findings, says);
  },
};

function meaning(
  subject: string,
  method: string | undefined,
  params: Params,
  kind: DeviceKind,
): Finding[] | undefined {
  switch (subject) {
    case 'state':
      if (!params.state) return undefined;
      return [
        {
          kind: 'state',
          at: momentOf(params.state.unit?.localtime),
          fields: {
            ...ucentralFields(kind, params.state),
            configId: params.uuid === undefined || params.uuid === null ? undefined : String(params.uuid),
          },
        },
      ];
    case 'healthcheck':
      return healthcheck(params);
    case 'connection':
      if (params.disconnection) return [{ kind: 'death' }];
      if (method === 'ping' || params.ping) return [{ kind: 'contact' }];
      if (method === 'connect' || params.capabilities) return [{ kind: 'birth' }];
      return undefined;
  }
  return undefined;
}

/** `sanity` is a percentage: 100 all perfect, 0 dead (`PROTOCOL.md`, "Healthcheck event"). */
function healthcheck({ sanity, data, timestamp }: Params): Finding[] | undefined {
  const percent = percentOf(sanity);
  if (percent === undefined) return undefined;
  return [
    { kind: 'contact' },
    {
      kind: 'event',
      at: momentOf(timestamp),
      type: 'ucentral.healthcheck',
      severity: percent === 100 ? 'info' : percent >= 50 ? 'warning' : 'critical',
      data: { sanity: percent, ...(data === undefined ? {} : { checks: data }) },
      standing: String(percent),
    },
  ];
}

function unpacked(params: Params): Parsed<Params> {
  const packed = params.compress_64;
  if (packed === undefined) return { ok: true, value: params };
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(packed)) return { ok: false, reason: 'not-base64' };
  let bytes: Buffer;
  try {
    bytes = inflateSync(Buffer.from(packed, 'base64'), { maxOutputLength: INFLATED_LIMIT_BYTES });
  } catch (error) {
    const large = error instanceof RangeError;
    return { ok: false, reason: large ? 'too-large' : 'not-zlib' };
  }
  if (params.compress_sz !== undefined && params.compress_sz !== bytes.length)
    return { ok: false, reason: 'wrong-length' };
  const inner = parseDialect(paramsCheck, bytes, INFLATED_LIMIT_BYTES);
  return inner.ok && inner.value.compress_64 !== undefined ? { ok: false, reason: 'packed-twice' } : inner;
}
