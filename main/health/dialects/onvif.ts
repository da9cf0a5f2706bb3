import { type Static, Type } from '@sinclair/typebox';
import { TypeCompiler } from '@sinclair/typebox/compiler';
import { type Dialect, type Finding, isName, refused, understood } from './dialect.ts';
import { maybe, parseDialect } from './json.ts';

/** As XML has them: some cameras put the list itself into JSON. */
const ItemList = Type.Array(
  Type.Object({ Name: Type.String({ minLength: 1, maxLength: 80 }), Value: Type.Unknown() }),
  { maxItems: 64 },
);
const Items = Type.Intersect([
  Type.Record(Type.String({ maxLength: 80 }), Type.Unknown()),
  Type.Object({ SimpleItem: Type.Optional(ItemList) }),
]);

const messageCheck = TypeCompiler.Compile(
  Type.Object({
    UtcTime: Type.String({ maxLength: 40 }),
    Source: Items,
    Key: maybe(Items),
    Data: maybe(Items),
  }),
);

const TYPE_LIMIT = 80;
/** Their namespace is the default one, without a mark ("Topic Structure"). */
const ONVIF_ALIAS = /^tns1:/;

/** Topics of the ONVIF event handling and imaging services that tell of harm, and which item says that it is so now. */
const HARM: readonly { topic: RegExp; item: readonly string[]; severity: 'warning' | 'critical' }[] = [
  {
    topic: /^Device\/HardwareFailure\//,
    item: ['Failed', 'Critical', 'FailureState'],
    severity: 'critical',
  },
  { topic: /^VideoSource\/SignalLoss$/, item: ['State'], severity: 'critical' },
  {
    topic: /^VideoSource\/(GlobalSceneChange|ImageTooBlurry|ImageTooDark|ImageTooBright)\//,
    item: ['State'],
    severity: 'warning',
  },
];

/**
 * ONVIF events over MQTT with the payload prefix `onvif-ej` (ONVIF Core Specification, "Event Broker"):
 * `{TopicPrefix}/onvif-ej/{LocalTopic}[/&{Source}]`. The topic prefix of each device is set to its id, serial number
 * or MAC. The payload is `UtcTime`, `Source` and, where there is any, `Data` ("JSON Event Payload"; quotes around numbers
 * and logical values may be left out). That mapping has no place for the event model's `Key`, by which two objects at one
 * moment are two events: it is taken where it comes. Beyond the mapping, and seen of cameras: items as the list
 * `SimpleItem` of XML, and `tns1:` before levels of ONVIF's own topics. A payload of zero bytes says that a property was
 * deleted; properties are retained. The standard names neither birth nor death nor a rhythm: an event proves life, and
 * only a stream or another dialect can prove death. Descriptions of scenes (`onvif-mj`) are not subscribed.
 */
export const onvif: Dialect = {
  name: 'onvif',
  prefix: '',
  heartbeatS: null,
  filters: [{ filter: '+/onvif-ej/#', channel: 'event' }],
  address([name, prefix, ...levels]) {
    if (!isName(name) || prefix !== 'onvif-ej') return undefined;
    const source = levels.findIndex((level) => level.startsWith('&'));
    const local = (source < 0 ? levels : levels.slice(0, source)).map((level) =>
      level.replace(ONVIF_ALIAS, ''),
    );
    return local.length === 0 ? undefined : { name, channel: 'event', subject: local.join('/') };
  },
  read({ subject }, payload) {
    if (payload.length === 0) return understood([{ kind: 'contact' }]);
    const parsed = parseDialect(messageCheck, payload);
    if (!parsed.ok) return parsed;
    const { UtcTime } = parsed.value;
    const [source, key, data] = [parsed.value.Source, parsed.value.Key, parsed.value.Data].map(itemsOf);
    const at = Date.parse(UtcTime);
    if (!(at >= 0)) return refused('wrong-field /UtcTime');
    const event: Finding = {
      kind: 'event',
      at,
      type: `onvif.${subject}`.slice(0, TYPE_LIMIT),
      severity: severityOf(subject, data ?? {}),
      source: { ...source, ...key },
      ...(data ? { data } : {}),
    };
    return understood([event]);
  },
};

/** By name, whether they came so or as a list. */
function itemsOf(items: Static<typeof Items> | null | undefined): Record<string, unknown> | undefined {
  if (!items) return undefined;
  const { SimpleItem: list, ...named } = items;
  return list ? { ...Object.fromEntries(list.map(({ Name, Value }) => [Name, Value])), ...named } : named;
}

function severityOf(topic: string, data: Record<string, unknown>): 'info' | 'warning' | 'critical' {
  const harm = HARM.find((entry) => entry.topic.test(topic));
  return harm?.item.some((item) => isSo(data[item])) ? harm.severity : 'info';
}

/** Quotes may be left out of logical values (same section, "JSON Event Payload"). */
const isSo = (value: unknown): boolean => value === true || value === 'true' || value === '1' || value === 1;
