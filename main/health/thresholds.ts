import type { DeviceKind } from '../contract/device.ts';
import { MetricTable } from '../contract/history.ts';
import type { Threshold, ThresholdInput } from '../contract/thresholds.ts';
import { type Standing, stand } from '../history/standing.ts';
import type { Readings } from './metrics.ts';

/** What a fresh hub watches for; people change it. */
export const defaultThresholds: readonly ThresholdInput[] = [
  { kind: 'camera', metric: 'temperature', side: 'above', raise: 80, clear: 75, reports: 2, enabled: true },
  { kind: 'camera', metric: 'storage-used', side: 'above', raise: 98, clear: 95, reports: 2, enabled: true },
  { kind: 'ap', metric: 'memory-used', side: 'above', raise: 97, clear: 93, reports: 3, enabled: true },
  { kind: 'ap', metric: 'cpu', side: 'above', raise: 95, clear: 85, reports: 6, enabled: true },
  { kind: 'ap', metric: 'utilisation-2.4', side: 'above', raise: 95, clear: 85, reports: 10, enabled: true },
  { kind: 'ap', metric: 'utilisation-5', side: 'above', raise: 90, clear: 80, reports: 10, enabled: true },
  { kind: 'ap', metric: 'noise-5', side: 'above', raise: -75, clear: -80, reports: 10, enabled: true },
  { kind: 'switch', metric: 'memory-used', side: 'above', raise: 97, clear: 93, reports: 3, enabled: true },
  { kind: 'switch', metric: 'cpu', side: 'above', raise: 95, clear: 85, reports: 6, enabled: true },
];

export interface Exceeded {
  threshold: Threshold;
  value: number;
}

/** Which thresholds each device is beyond. Keeps only those that are beyond any. */
export function createThresholdWatch() {
  let byKind = new Map<DeviceKind, { number: number; scale: number; rule: Threshold }[]>();
  const standings = new Map<number, Map<string, Standing & { value: number }>>();
  const rules = new Map<string, Threshold>();

  return {
    /** Rules that changed or went begin anew with the next report. */
    use(thresholds: readonly Threshold[]): void {
      const kept = new Set(
        thresholds
          .filter((rule) => JSON.stringify(rules.get(rule.id)) === JSON.stringify(rule))
          .map(({ id }) => id),
      );
      for (const [num, standing] of standings) {
        for (const id of standing.keys()) if (!kept.has(id)) standing.delete(id);
        if (standing.size === 0) standings.delete(num);
      }
      rules.clear();
      byKind = new Map();
      for (const rule of thresholds) {
        rules.set(rule.id, rule);
        if (!rule.enabled) continue;
        const number = MetricTable.findIndex((metric) => metric.id === rule.metric);
        const of = byKind.get(rule.kind) ?? [];
        of.push({ number, scale: MetricTable[number]?.scale ?? 1, rule });
        byKind.set(rule.kind, of);
      }
    },
    /** Takes a report into account. @returns whether the device is beyond any threshold now */
    report(num: number, kind: DeviceKind, { metrics, values }: Readings): boolean {
      const standing = standings.get(num);
      let beyond = false;
      for (const { number, scale, rule } of byKind.get(kind) ?? []) {
        const before = standing?.get(rule.id);
        const at = metrics.indexOf(number);
        const stored = values[at];
        if (at === -1 || stored === undefined) {
          beyond ||= before?.raised ?? false;
          continue;
        }
        const value = stored / scale;
        const next = stand(rule, before ?? { beyond: 0, raised: false }, value);
        beyond ||= next.raised;
        if (next.beyond === 0 && !next.raised) standings.get(num)?.delete(rule.id);
        else {
          const kept = standings.get(num) ?? new Map<string, Standing & { value: number }>();
          standings.set(num, kept.set(rule.id, { ...next, value }));
        }
      }
      if (standings.get(num)?.size === 0) standings.delete(num);
      return beyond;
    },
    exceeded: (num: number): Exceeded[] =>
      [...(standings.get(num) ?? [])].flatMap(([id, { raised, value }]) => {
        const threshold = rules.get(id);
        return raised && threshold ? [{ threshold, value }] : [];
      }),
    forget: (num: number): void => void standings.delete(num),
  };
}

export type ThresholdWatch = ReturnType<typeof createThresholdWatch>;
