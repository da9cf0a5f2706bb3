import { describe, expect, it } from 'vitest';
import { type MetricId, MetricIds } from '../contract/history.ts';
import { detailsOf } from './details.ts';
import { chartTime, type Readings, readingsOf } from './metrics.ts';
import type { DeviceState } from './payloads.ts';

const T0 = Date.UTC(2026, 10, 22, 12);
const report = { v: 1 as const, id: 'x', session: 1, seq: 1, ts: T0 };

const named = ({ metrics, values }: Readings): Partial<Record<MetricId, number>> =>
  Object.fromEntries(metrics.map((metric, index) => [MetricIds[metric], values[index]]));

const accessPoint = (busyMs: number, activeMs: number, txB: number, rxB: number): DeviceState => ({
  kind: 'ap',
  report: {
    ...report,
    cpuPct: 31.4,
    memory: { totalB: 1000, freeB: 250 },
    radios: [
      { band: '5', channel: 44, widthMHz: 80, noiseDbm: -96.2, activeMs, busyMs },
      { band: '5', channel: 149, widthMHz: 80, activeMs, busyMs },
    ],
    ssids: [{ ssid: 'city', bssid: 'b', enabled: true, clients: 2, rxB, txB }],
    clients: [{ mac: 'a', rssiDbm: -50 }, { mac: 'b', rssiDbm: -61 }, { mac: 'c' }],
  },
});

describe('readings for the history', () => {
  it('takes utilisation and traffic from the change of counters, and each metric once', () => {
    const first = accessPoint(1_000, 10_000, 5_000, 1_000);
    const before = detailsOf(first, undefined, T0);
    expect(named(readingsOf(first, before, undefined))).toEqual({
      clients: 3,
      'noise-5': -96,
      'channel-5': 44,
      'client-signal': -55,
      cpu: 31,
      'memory-used': 750,
    });
    const second = accessPoint(3_500, 20_000, 380_000, 76_000);
    const after = named(readingsOf(second, detailsOf(second, before, T0 + 30_000), before));
    expect(after).toMatchObject({ 'utilisation-5': 250, 'traffic-down': 100, 'traffic-up': 20 });
    // Counters that fell tell nothing of what went over the air.
    const third = accessPoint(1, 2, 3, 4);
    expect(named(readingsOf(third, detailsOf(third, before, T0 + 60_000), before))).not.toHaveProperty(
      'traffic-down',
    );
  });

  it('counts the traffic of a network that came or went from its own counters only', () => {
    const of = (...ssids: [bssid: string, rxB: number, txB: number][]): DeviceState => ({
      kind: 'ap',
      report: {
        ...report,
        ssids: ssids.map(([bssid, rxB, txB]) => ({
          ssid: 'city',
          bssid,
          enabled: true,
          clients: 0,
          rxB,
          txB,
        })),
      },
    });
    const one = detailsOf(of(['a', 1_000, 5_000]), undefined, T0);
    // The second has sent gigabytes before it was told of.
    const both = of(['b', 7e9, 9e9], ['a', 76_000, 380_000]);
    const two = detailsOf(both, one, T0 + 30_000);
    expect(named(readingsOf(both, two, one))).toMatchObject({ 'traffic-down': 100, 'traffic-up': 20 });
    const last = of(['b', 7e9 + 75_000, 9e9 + 375_000]);
    const three = detailsOf(last, two, T0 + 60_000);
    expect(named(readingsOf(last, three, two))).toMatchObject({ 'traffic-down': 100, 'traffic-up': 20 });
    const other = of(['c', 1, 1]);
    expect(named(readingsOf(other, detailsOf(other, two, T0 + 60_000), two))).not.toHaveProperty(
      'traffic-down',
    );
  });

  it('sums what ports deliver, and keeps what a camera says of itself', () => {
    const ports: DeviceState = {
      kind: 'switch',
      report: {
        ...report,
        ports: [
          { port: '1', up: true, poe: { on: true, watts: 7.25 } },
          { port: '2', up: false, poe: { on: false, watts: 3 } },
          { port: '3', up: true },
        ],
      },
    };
    expect(named(readingsOf(ports, detailsOf(ports, undefined, T0), undefined))).toEqual({
      poe: 73,
      'ports-up': 2,
    });
    const camera: DeviceState = {
      kind: 'camera',
      report: {
        ...report,
        temperatureC: -12.34,
        storage: { totalB: 0, freeB: 0 },
        stream: { fps: 24.96, bitrateKbps: 1e14 },
      },
    };
    expect(named(readingsOf(camera, detailsOf(camera, undefined, T0), undefined))).toEqual({
      temperature: -123,
      fps: 250,
    });
  });

  it('trusts a device’s clock within five minutes', () => {
    expect(chartTime(T0 + 299_000, T0)).toBe(T0 + 299_000);
    expect(chartTime(T0 - 301_000, T0)).toBe(T0);
    expect(chartTime(0, T0)).toBe(T0);
  });
});
