import type { DeviceKind } from '../contract/device.ts';
import type { DeviceRecord } from '../devices/types.ts';
import { type Details, noDetails } from '../health/details.ts';
import type { LatestReport } from '../health/types.ts';

/** When the devices of these tests were last heard before anything was commanded. */
export const BEFORE = Date.UTC(2026, 0, 15, 8, 59, 50);

export const device = (num: number, kind: DeviceKind, more: Partial<DeviceRecord> = {}): DeviceRecord => ({
  ...{ num, id: `${kind}-${num}`, kind, lat: 0, lon: 0, azimuthDeg: null },
  ...{ okrugId: 'cao', districtId: 'arbat', groupIds: [], parentId: null },
  ...more,
});

/** A device that is well and reported just now; `details` as it said. */
export function report(details: Partial<Details> = {}, more: Partial<LatestReport> = {}): LatestReport {
  return {
    ...{ status: 'online', base: 'online', unknownSince: null, lastSeenAt: BEFORE, session: 1 },
    ...{ skewMs: 0, heartbeatMs: 30_000, onlyForeign: false, ...more },
    details: { ...noDetails, reportedAt: BEFORE, ...details },
  };
}

export const radio = (
  band: '2.4' | '5' | '6',
  channel: number,
  widthMHz = 20,
  txPowerDbm: number | null = 18,
) => ({
  ...{ band, channel, widthMHz, txPowerDbm, noiseDbm: null, utilisation: null },
});

export const ssid = (name: string, enabled: boolean, clients = 0) => ({
  ...{ ssid: name, bssid: `${name}-0`, enabled, clients, rxB: 0, txB: 0 },
});

export const port = (name: string, peerId: string | null, poeOn: boolean | null = true) => ({
  ...{ port: name, up: true, mbps: 1000, poeOn, poeWatts: 9, peerId },
});
