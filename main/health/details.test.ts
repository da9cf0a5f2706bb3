import { expect, test } from 'vitest';
import type { AccessPointState } from '../contract/mqtt-payloads.ts';
import { detailsOf, noDetails, troubled } from './details.ts';
import { maskedMac } from './macs.ts';

const report = (more: Partial<AccessPointState>): AccessPointState => ({
  v: 1,
  id: 'ap-1',
  session: 1,
  seq: 1,
  ts: 1,
  ...more,
});
const radio = (activeMs: number, busyMs: number, band: '2.4' | '5' = '5') => ({
  ...{ band, channel: 44, widthMHz: 80, activeMs, busyMs },
});
const ap = (more: Partial<AccessPointState>, before = noDetails) =>
  detailsOf({ kind: 'ap', report: report(more) }, before, 0);
const utilisation = (details: ReturnType<typeof ap>) => details.radios.map((one) => one.utilisation);

test('utilisation is the change of busy against the change of active', () => {
  const first = ap({ uptimeS: 100, radios: [radio(10_000, 1_000)] });
  expect(utilisation(first)).toEqual([null]);
  expect(utilisation(ap({ uptimeS: 130, radios: [radio(40_000, 10_000)] }, first))).toEqual([0.3]);
});

test('counters that fell, a falling uptime and another band give no utilisation', () => {
  const first = ap({ uptimeS: 100, radios: [radio(10_000, 5_000)] });
  expect(utilisation(ap({ uptimeS: 130, radios: [radio(9_000, 6_000)] }, first))).toEqual([null]);
  expect(utilisation(ap({ uptimeS: 130, radios: [radio(20_000, 4_000)] }, first))).toEqual([null]);
  expect(utilisation(ap({ uptimeS: 5, radios: [radio(20_000, 6_000)] }, first))).toEqual([null]);
  expect(utilisation(ap({ uptimeS: 130, radios: [radio(20_000, 6_000, '2.4')] }, first))).toEqual([null]);
});

test('a radio that claims to be busier than time allows is full, not more', () => {
  const first = ap({ radios: [radio(0, 0)] });
  expect(utilisation(ap({ radios: [radio(1_000, 5_000)] }, first))).toEqual([1]);
});

test('clients are counted from their list, or else from the networks', () => {
  const ssid = { ssid: 'city', bssid: 'aa', enabled: true, clients: 7, rxB: 0, txB: 0 };
  expect(ap({ ssids: [ssid, ssid] }).clientCount).toBe(14);
  expect(ap({ ssids: [ssid], clients: [{ mac: 'aa:bb:cc:dd:ee:ff' }] }).clientCount).toBe(1);
  expect(ap({}).clientCount).toBeNull();
});

test('trouble is what a device tells of itself', () => {
  const ssid = { ssid: 'city', bssid: 'aa', enabled: false, clients: 0, rxB: 0, txB: 0 };
  expect(troubled(ap({ ssids: [ssid] }))).toBe(true);
  expect(troubled(ap({ ssids: [ssid, { ...ssid, enabled: true }] }))).toBe(false);
  expect(troubled({ ...noDetails, tamper: true })).toBe(true);
  expect(troubled(noDetails)).toBe(false);
});

test('a masked MAC keeps the half that names the maker', () => {
  expect(maskedMac('AA-BB-CC-DD-EE-FF')).toBe('aa:bb:cc:xx:xx:xx');
  expect(maskedMac('aabb.ccdd.eeff')).toBe('aa:bb:cc:xx:xx:xx');
  expect(maskedMac('someone')).toBe('xx:xx:xx:xx:xx:xx');
});
