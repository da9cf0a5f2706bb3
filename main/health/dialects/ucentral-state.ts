import { type Static, Type } from '@sinclair/typebox';
import type { DeviceKind } from '../../contract/device.ts';
import { amountOf, decibels, maybe, percentOf, told } from './json.ts';
import { bandOfFrequency, CLIENTS_LIMIT, text } from './radio.ts';

const number = Type.Optional(Type.Unknown());

const Survey = Type.Object({
  frequency: number,
  time: number,
  busy: number,
  noise: number,
  time_rx: number,
  time_tx: number,
});

const Radio = Type.Object({
  channel: number,
  /** A number in the schema, a text in what older firmware sends. */
  channel_width: number,
  tx_power: number,
  noise: number,
  band: maybe(Type.Array(text(8), { maxItems: 8 })),
  frequency: maybe(Type.Array(Type.Unknown(), { maxItems: 64 })),
  survey: maybe(Type.Array(Survey, { maxItems: 128 })),
  // Until TIP 2.6 the counters of the channel stood beside it.
  active_ms: number,
  busy_ms: number,
  receive_ms: number,
  transmit_ms: number,
});
type Radio = Static<typeof Radio>;

const Association = Type.Object({
  station: maybe(text(40)),
  rssi: number,
  connected: number,
  rx_bytes: number,
  tx_bytes: number,
});

const Ssid = Type.Object({
  ssid: maybe(text(64)),
  bssid: maybe(text(40)),
  mode: maybe(text(16)),
  associations: maybe(Type.Array(Association, { maxItems: CLIENTS_LIMIT })),
  counters: maybe(Type.Object({ rx_bytes: number, tx_bytes: number })),
});
type Ssid = Static<typeof Ssid>;

const Links = maybe(
  Type.Record(text(40), Type.Object({ carrier: number, speed: number }), { maxProperties: 512 }),
);

/** The parts of a uCentral state that we show (wlan-ucentral-schema, `state/*.yml`). */
export const UcentralState = Type.Object({
  unit: maybe(
    Type.Object({
      uptime: number,
      localtime: Type.Optional(Type.Number()),
      cpu_load: maybe(Type.Array(Type.Unknown(), { maxItems: 256 })),
      memory: maybe(Type.Object({ total: number, free: number })),
    }),
  ),
  radios: maybe(Type.Array(Radio, { maxItems: 8 })),
  interfaces: maybe(
    Type.Array(Type.Object({ ssids: maybe(Type.Array(Ssid, { maxItems: 64 })) }), { maxItems: 256 }),
  ),
  'link-state': maybe(Type.Object({ upstream: Links, downstream: Links })),
});
export type UcentralState = Static<typeof UcentralState>;

/** Fields of `AccessPointState` or `SwitchState`. */
export function ucentralFields(kind: DeviceKind, state: UcentralState): object {
  const { unit } = state;
  const total = amountOf(unit?.memory?.total);
  const free = amountOf(unit?.memory?.free);
  const upstream = Object.entries(state['link-state']?.upstream ?? {});
  const [port, link] = upstream.find(([, { carrier }]) => up(carrier)) ?? [];
  const running = {
    uptimeS: amountOf(unit?.uptime),
    // The first is the total, the cores follow.
    cpuPct: percentOf(unit?.cpu_load?.[0]),
    memory: total !== undefined && free !== undefined ? { totalB: total, freeB: free } : undefined,
    uplink: port === undefined ? undefined : { port, mbps: amountOf(link?.speed) },
  };
  if (kind !== 'switch') return { ...running, ...onAir(state) };
  const downstream = Object.entries(state['link-state']?.downstream ?? {});
  const ports = [...upstream, ...downstream].map(([name, { carrier, speed }]) => ({
    port: name,
    up: up(carrier),
    mbps: amountOf(speed),
  }));
  return { ...running, ports };
}

const up = (carrier: unknown): boolean => carrier === true || carrier === 1;

function onAir({ radios, interfaces }: UcentralState) {
  const served = (interfaces ?? []).flatMap(({ ssids }) => ssids ?? []).filter(({ mode }) => mode === 'ap');
  return {
    radios: (radios ?? []).flatMap((radio) => radioOf(radio) ?? []),
    ssids: served.map(ssidOf),
    clients: served.flatMap(({ associations }) =>
      (associations ?? []).flatMap(({ station, rssi, connected }) =>
        station ? { mac: station, rssiDbm: decibels(rssi), connectedS: amountOf(connected) } : [],
      ),
    ),
  };
}

const BANDS: ReadonlyMap<string | undefined, '2.4' | '5' | '6'> = new Map([
  ['2G', '2.4'],
  ['5G', '5'],
  ['5G-lower', '5'],
  ['5G-upper', '5'],
  ['6G', '6'],
]);

function radioOf(radio: Radio): object | undefined {
  const channel = amountOf(radio.channel);
  const width = Number(radio.channel_width);
  const frequency = told(radio.frequency?.[0]);
  // Firmware that names neither band nor frequency knows no 6 GHz yet.
  const band =
    BANDS.get(radio.band?.[0]) ?? bandOfFrequency(frequency) ?? (channel && channel <= 14 ? '2.4' : '5');
  if (channel === undefined || !(width > 0)) return undefined;
  const survey = radio.survey?.find(
    (entry) => frequency !== undefined && told(entry.frequency) === frequency,
  );
  return {
    band,
    channel,
    widthMHz: width,
    txPowerDbm: decibels(radio.tx_power),
    noiseDbm: decibels(survey?.noise ?? radio.noise),
    activeMs: amountOf(survey?.time ?? radio.active_ms),
    busyMs: amountOf(survey?.busy ?? radio.busy_ms),
    rxMs: amountOf(survey?.time_rx ?? radio.receive_ms),
    txMs: amountOf(survey?.time_tx ?? radio.transmit_ms),
  };
}

function ssidOf({ ssid, bssid, associations, counters }: Ssid): object {
  const sum = (of: (one: NonNullable<typeof associations>[number]) => unknown) =>
    (associations ?? []).reduce((all, one) => all + (amountOf(of(one)) ?? 0), 0);
  return {
    ssid: ssid ?? '',
    bssid: bssid ?? '',
    enabled: true,
    clients: associations?.length ?? 0,
    rxB: amountOf(counters?.rx_bytes) ?? sum(({ rx_bytes }) => rx_bytes),
    txB: amountOf(counters?.tx_bytes) ?? sum(({ tx_bytes }) => tx_bytes),
  };
}
