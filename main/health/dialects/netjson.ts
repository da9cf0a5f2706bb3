import { type Static, Type } from '@sinclair/typebox';
import { TypeCompiler } from '@sinclair/typebox/compiler';
import { type Dialect, isName, momentOf, refused, understood } from './dialect.ts';
import { amountOf, decibels, maybe, parseDialect, percentOf, told } from './json.ts';
import { bandOfFrequency, CLIENTS_LIMIT, text } from './radio.ts';

const Client = Type.Object({
  mac: text(40),
  assoc: maybe(Type.Boolean()),
  signal: Type.Optional(Type.Unknown()),
});

const Interface = Type.Object({
  name: text(40),
  type: maybe(text(40)),
  up: maybe(Type.Boolean()),
  mac: maybe(text(40)),
  speed: Type.Optional(Type.Unknown()),
  statistics: maybe(
    Type.Object({ rx_bytes: Type.Optional(Type.Unknown()), tx_bytes: Type.Optional(Type.Unknown()) }),
  ),
  wireless: maybe(
    Type.Object({
      mode: maybe(text(40)),
      ssid: maybe(text(64)),
      channel: Type.Optional(Type.Unknown()),
      frequency: Type.Optional(Type.Unknown()),
      tx_power: Type.Optional(Type.Unknown()),
      noise: Type.Optional(Type.Unknown()),
      // Lua's encoder writes an empty list as an empty object.
      clients: maybe(
        Type.Union([Type.Array(Client, { maxItems: CLIENTS_LIMIT }), Type.Object({}, { maxProperties: 0 })]),
      ),
    }),
  ),
});
type Interface = Static<typeof Interface>;

const Monitoring = Type.Object({
  type: Type.Literal('DeviceMonitoring'),
  general: maybe(
    Type.Object({ local_time: Type.Optional(Type.Unknown()), uptime: Type.Optional(Type.Unknown()) }),
  ),
  resources: maybe(
    Type.Object({
      memory: maybe(
        Type.Object({
          total: Type.Optional(Type.Unknown()),
          free: Type.Optional(Type.Unknown()),
          available: Type.Optional(Type.Unknown()),
        }),
      ),
      cpu: maybe(Type.Object({ idle: Type.Optional(Type.Unknown()) })),
    }),
  ),
  interfaces: maybe(Type.Array(Interface, { maxItems: 512 })),
});
type Monitoring = Static<typeof Monitoring>;

const monitoringCheck = TypeCompiler.Compile(Monitoring);

/** The least that a channel has. NetJSON does not tell the width of a channel, and a radio without one cannot be shown. */
const LEAST_WIDTH_MHZ = 20;

/**
 * NetJSON DeviceMonitoring as OpenWISP's agent sends it (netjson.org, `schema/device-monitoring.json`;
 * openwisp-monitoring, `device/schema.py`; openwrt-openwisp-monitoring, `netjson-monitoring.lua`). The standard
 * names no MQTT topics: ours are `netjson/{device}/DeviceMonitoring`. It knows neither birth nor death nor order:
 * reports count by arrival, and silence is the only death. The agent reports every 300 s (`monitoring.config`).
 */
export const netjson: Dialect = {
  name: 'netjson',
  prefix: 'netjson',
  heartbeatS: 300,
  filters: [{ filter: '+/DeviceMonitoring', channel: 'state' }],
  address([name, subject, ...rest]) {
    if (!isName(name) || subject !== 'DeviceMonitoring' || rest.length > 0) return undefined;
    return { name, channel: 'state', subject };
  },
  read(_address, payload, kind) {
    if (kind === 'camera') return refused('wrong-kind');
    const parsed = parseDialect(monitoringCheck, payload);
    if (!parsed.ok) return parsed;
    const report = parsed.value;
    const fields =
      kind === 'switch'
        ? { ...running(report), ports: ports(report) }
        : { ...running(report), ...onAir(report) };
    return understood([{ kind: 'state', at: momentOf(told(report.general?.local_time)), fields }]);
  },
};

function running({ general, resources }: Monitoring) {
  const total = amountOf(resources?.memory?.total);
  const free = amountOf(resources?.memory?.available) ?? amountOf(resources?.memory?.free);
  const idle = percentOf(resources?.cpu?.idle);
  return {
    uptimeS: amountOf(general?.uptime),
    memory: total !== undefined && free !== undefined ? { totalB: total, freeB: free } : undefined,
    cpuPct: idle === undefined ? undefined : 100 - idle,
  };
}

function onAir({ interfaces }: Monitoring) {
  const radios = new Map<string, object>();
  const ssids: object[] = [];
  const clients: object[] = [];
  for (const one of interfaces ?? []) {
    const { wireless } = one;
    if (!wireless) continue;
    const band = bandOfFrequency(told(wireless.frequency));
    const channel = amountOf(wireless.channel);
    // Several networks share a radio; NetJSON does not tell radios apart but by where they are.
    if (band && channel !== undefined)
      radios.set(`${band} ${channel}`, {
        band,
        channel,
        widthMHz: LEAST_WIDTH_MHZ,
        txPowerDbm: decibels(wireless.tx_power),
        noiseDbm: decibels(wireless.noise),
      });
    if (wireless.mode !== 'access_point') continue;
    const heard = (Array.isArray(wireless.clients) ? wireless.clients : []).filter(
      ({ assoc }) => assoc !== false,
    );
    for (const { mac, signal } of heard) clients.push({ mac, rssiDbm: decibels(signal) });
    ssids.push({
      ssid: wireless.ssid ?? '',
      bssid: one.mac ?? '',
      enabled: one.up !== false,
      clients: heard.length,
      ...traffic(one),
    });
  }
  return { radios: [...radios.values()], ssids, clients };
}

/** The agent turns the directions of a wireless access point round, to the clients' view (`wifi.lua`, `needs_inversion`). */
function traffic({ type, statistics }: Interface) {
  const rx = amountOf(statistics?.rx_bytes) ?? 0;
  const tx = amountOf(statistics?.tx_bytes) ?? 0;
  return type === 'wireless' ? { rxB: tx, txB: rx } : { rxB: rx, txB: tx };
}

const ports = ({ interfaces }: Monitoring) =>
  (interfaces ?? [])
    .filter(({ type }) => type === 'ethernet')
    .map(({ name, up, speed }) => ({ port: name, up: up === true, mbps: mbpsOf(speed) }));

/** `1000F` is a gigabit, full duplex; `-1F` is no link. */
function mbpsOf(speed: unknown): number | undefined {
  const digits = typeof speed === 'string' ? /^(\d{1,7})[FH]?$/.exec(speed)?.[1] : undefined;
  return digits === undefined ? undefined : Number(digits);
}
