import { type MetricId, MetricTable } from '../contract/history.ts';
import type { Details } from './details.ts';
import type { DeviceState } from './payloads.ts';

/** Beyond this difference between a device's clock and ours, its reports are charted by when they came. */
const TRUSTED_SKEW_MS = 300_000;
/** No stored value is further from nought: what a device says beyond is not a measurement. */
const LIMIT = 1e12;

const places = new Map<MetricId, { number: number; scale: number }>(
  MetricTable.map(({ id, scale }, number) => [id, { number, scale }]),
);

export interface Readings {
  metrics: number[];
  values: number[];
}

/** When a report counts as taken, UTC ms: by the device's clock where that is about right (rule of liveness 1). */
export const chartTime = (ts: number, rxAt: number): number =>
  Math.abs(ts - rxAt) <= TRUSTED_SKEW_MS ? ts : rxAt;

/** What of a report goes into the history, in stored units; `before` is the one before in the same session. */
export function readingsOf(
  { kind, report }: DeviceState,
  now: Details,
  before: Details | undefined,
): Readings {
  const readings: Readings = { metrics: [], values: [] };
  const put = (id: MetricId, value: number | null | undefined): void => {
    const place = places.get(id);
    if (!place || value === null || value === undefined || Math.abs(value) > LIMIT) return;
    readings.metrics.push(place.number);
    readings.values.push(Math.round(value * place.scale));
  };
  const usedPct = (space: { totalB: number; freeB: number } | null | undefined): number | null =>
    space && space.totalB > 0 ? (1 - Math.min(space.freeB, space.totalB) / space.totalB) * 100 : null;

  if (kind === 'ap') {
    put('clients', now.clientCount);
    for (const { band, channel, noiseDbm, utilisation } of now.radios) {
      put(`utilisation-${band}`, utilisation === null ? null : utilisation * 100);
      put(`noise-${band}`, noiseDbm);
      put(`channel-${band}`, channel);
    }
    const signals = now.clients.flatMap((client) => client.rssiDbm ?? []);
    if (signals.length > 0)
      put('client-signal', signals.reduce((sum, signal) => sum + signal, 0) / signals.length);
    const traffic = trafficOf(now, before);
    put('traffic-down', traffic?.downKbps);
    put('traffic-up', traffic?.upKbps);
  }
  if (kind === 'ap' || kind === 'switch') {
    put('cpu', now.cpuPct);
    put('memory-used', usedPct(now.memory));
    put('uplink', now.uplink?.mbps);
  }
  if (kind === 'switch' && report.ports) {
    put(
      'poe',
      now.ports.reduce((sum, port) => sum + (port.poeOn ? (port.poeWatts ?? 0) : 0), 0),
    );
    put('ports-up', now.ports.filter((port) => port.up).length);
  }
  if (kind === 'camera') {
    put('temperature', now.temperatureC);
    put('fps', now.stream?.fps);
    put('bitrate', now.stream?.bitrateKbps);
    put('storage-used', usedPct(report.storage));
  }
  // A radio band told of twice would stand twice: the first counts.
  return readings.metrics.length === new Set(readings.metrics).size ? readings : unique(readings);
}

function unique({ metrics, values }: Readings): Readings {
  const firsts = metrics.flatMap((metric, index) => (metrics.indexOf(metric) === index ? [index] : []));
  return {
    metrics: firsts.flatMap((index) => metrics[index] ?? []),
    values: firsts.flatMap((index) => values[index] ?? []),
  };
}

/**
 * Bytes sent to clients and received from them since the report before; undefined after counters began anew. A network
 * that the report before did not tell of counts from the next one on: its counters are as old as itself.
 */
function trafficOf(
  now: Details,
  before: Details | undefined,
): { downKbps: number; upKbps: number } | undefined {
  const elapsedMs = now.reportedAt - (before?.reportedAt ?? Number.NaN);
  if (!before || now.ssids.length === 0 || !(elapsedMs > 0)) return undefined;
  let down = 0;
  let up = 0;
  let compared = 0;
  for (const [index, ssid] of now.ssids.entries()) {
    const inPlace = before.ssids[index];
    const earlier =
      inPlace?.bssid === ssid.bssid ? inPlace : before.ssids.find(({ bssid }) => bssid === ssid.bssid);
    if (!earlier) continue;
    if (ssid.txB < earlier.txB || ssid.rxB < earlier.rxB) return undefined;
    down += ssid.txB - earlier.txB;
    up += ssid.rxB - earlier.rxB;
    compared += 1;
  }
  if (compared === 0) return undefined;
  return { downKbps: (down * 8) / elapsedMs, upKbps: (up * 8) / elapsedMs };
}
