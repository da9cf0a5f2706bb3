import type { DeviceHealth, Radio } from '../contract/health.ts';
import type { AccessPointState, CameraState, SwitchState } from '../contract/mqtt-payloads.ts';
import type { DeviceState } from './payloads.ts';
import { type RadioCounters, utilisationOf } from './utilisation.ts';

/** What a device said last, in the form the console shows it: only known fields, nothing a device may add. */
export interface Details
  extends Pick<
    DeviceHealth,
    | 'uptimeS'
    | 'firmware'
    | 'configId'
    | 'locating'
    | 'cpuPct'
    | 'memory'
    | 'uplink'
    | 'radios'
    | 'ssids'
    | 'clientCount'
    | 'clients'
    | 'ports'
    | 'temperatureC'
    | 'stream'
    | 'tamper'
  > {
  /** Counters of the radios, to compare the next report with. */
  counters: RadioCounters[];
  /** When the report came, UTC ms. */
  reportedAt: number;
}

/** Shared by all devices that have none of it. */
const nothing: Details = {
  uptimeS: null,
  firmware: null,
  configId: null,
  locating: null,
  cpuPct: null,
  memory: null,
  uplink: null,
  radios: [],
  ssids: [],
  clientCount: null,
  clients: [],
  ports: [],
  temperatureC: null,
  stream: null,
  tamper: null,
  counters: [],
  reportedAt: Number.NaN,
};
export const noDetails: Readonly<Details> = Object.freeze(nothing);

/** `before` is what the same device said in the same session, if it did. */
export function detailsOf(state: DeviceState, before: Details | undefined, rxAt: number): Details {
  const details = said(state, before);
  details.reportedAt = rxAt;
  return details;
}

/** A fresh object each time. */
function said(state: DeviceState, before: Details | undefined): Details {
  switch (state.kind) {
    case 'ap':
      return accessPoint(state.report, before);
    case 'switch':
      return { ...running(state.report), ports: ports(state.report) };
    case 'camera':
      return camera(state.report);
  }
}

function running(report: AccessPointState | SwitchState): Details {
  const { memory, uplink } = report;
  return {
    ...nothing,
    uptimeS: report.uptimeS ?? null,
    firmware: report.firmware ?? null,
    configId: report.configId ?? null,
    locating: report.locating ?? null,
    cpuPct: report.cpuPct ?? null,
    memory: memory ? { totalB: memory.totalB, freeB: memory.freeB } : null,
    uplink: uplink
      ? { parentId: uplink.parentId ?? null, port: uplink.port ?? null, mbps: uplink.mbps ?? null }
      : null,
  };
}

function accessPoint(report: AccessPointState, before: Details | undefined): Details {
  // A falling uptime is a restart that kept its session number: its counters began again.
  const restarted = report.uptimeS !== undefined && report.uptimeS < (before?.uptimeS ?? 0);
  const earlier = before && !restarted ? before.counters : [];
  const counters = (report.radios ?? []).map(
    (radio): RadioCounters => ({
      band: radio.band,
      activeMs: radio.activeMs ?? null,
      busyMs: radio.busyMs ?? null,
    }),
  );
  const radios = (report.radios ?? []).map(
    (radio, index): Radio => ({
      band: radio.band,
      channel: radio.channel,
      widthMHz: radio.widthMHz,
      txPowerDbm: radio.txPowerDbm ?? null,
      noiseDbm: radio.noiseDbm ?? null,
      utilisation: utilisationOf(earlier[index], counters[index]),
    }),
  );
  const ssids = (report.ssids ?? []).map(({ ssid, bssid, enabled, clients, rxB, txB }) => ({
    ssid,
    bssid,
    enabled,
    clients,
    rxB,
    txB,
  }));
  const clients = (report.clients ?? []).map((client) => ({
    mac: client.mac,
    rssiDbm: client.rssiDbm ?? null,
    connectedS: client.connectedS ?? null,
    rxKbps: client.rxKbps ?? null,
    txKbps: client.txKbps ?? null,
  }));
  const clientCount = report.clients
    ? clients.length
    : report.ssids
      ? Math.min(
          Number.MAX_SAFE_INTEGER,
          ssids.reduce((sum, ssid) => sum + ssid.clients, 0),
        )
      : null;
  return { ...running(report), radios, ssids, clients, clientCount, counters };
}

function ports(report: SwitchState): Details['ports'] {
  return (report.ports ?? []).map((port) => ({
    port: port.port,
    up: port.up,
    mbps: port.mbps ?? null,
    poeOn: port.poe?.on ?? null,
    poeWatts: port.poe?.watts ?? null,
    peerId: port.peerId ?? null,
  }));
}

function camera(report: CameraState): Details {
  const { stream } = report;
  return {
    ...nothing,
    uptimeS: report.uptimeS ?? null,
    firmware: report.firmware ?? null,
    temperatureC: report.temperatureC ?? null,
    stream: stream
      ? {
          fps: stream.fps ?? null,
          bitrateKbps: stream.bitrateKbps ?? null,
          resolution: stream.resolution ?? null,
        }
      : null,
    tamper: report.tamper ?? null,
  };
}

/** Trouble that a device tells of itself while it works on: tampered with, or no network on air. */
export const troubled = ({ tamper, ssids }: Details): boolean =>
  tamper === true || (ssids.length > 0 && ssids.every((ssid) => !ssid.enabled));
