import type { HealthStatus, StatusReason } from '../contract/health.ts';
import { createIncidentEngine, type IncidentEngine } from './engine.ts';
import type { Commanded, Condition, IncidentStep, OpenIncident } from './engine-types.ts';

export const T0 = Date.UTC(2026, 10, 22, 3);
/**
 * Switch 1 with access points 10 to 49, camera 5 behind access point 10. Devices from 100 on stand alone; from 1000 on
 * they are of seven districts in turn.
 */
const parentOf = (num: number): number | undefined =>
  num === 5 ? 10 : num >= 10 && num < 50 ? 1 : undefined;

export class City {
  statuses = new Map<number, Pick<Condition, 'status' | 'reason' | 'since'> & Partial<Condition>>();
  now = T0;
  steps: IncidentStep[] = [];
  count = 0;
  /** Devices at which a command is under way. */
  commands = new Map<number, Commanded>();
  engine: IncidentEngine = this.make();

  make(): IncidentEngine {
    return createIncidentEngine({
      statusOf: (num) => {
        const given = this.statuses.get(num) ?? { status: 'online', reason: 'reported', since: T0 };
        return { base: given.status, heard: true, ...given };
      },
      parentOf,
      childrenOf: (num) => this.nums().filter((child) => parentOf(child) === num),
      districtOf: (num) => (num < 1_000 ? 'arbat' : `d${num % 7}`),
      commandedAt: (num) => this.commands.get(num),
      devices: () => this.nums(),
      newId: () => `i${++this.count}`,
    });
  }
  nums(): number[] {
    return [
      1,
      5,
      ...Array.from({ length: 40 }, (_, i) => 10 + i),
      ...Array.from({ length: 200 }, (_, i) => 100 + i),
      ...Array.from({ length: 300 }, (_, i) => 1_000 + i),
    ];
  }
  set(num: number, status: HealthStatus, reason: StatusReason = 'will'): void {
    this.statuses.set(num, { status, reason, since: this.now });
    this.steps.push(...this.engine.status(num, status, reason, this.now));
  }
  wait(seconds: number): void {
    for (let passed = 0; passed < seconds * 4; passed++) {
      this.now += 250;
      this.steps.push(...this.engine.tick(this.now));
    }
  }
  /** A Will, then the grace of ten seconds. */
  async dies(...nums: number[]): Promise<void> {
    for (const num of nums) this.set(num, 'suspect');
    this.wait(10);
    for (const num of nums) this.set(num, 'offline');
  }
  open(): { cause: string; root: OpenIncident['root']; down: number[]; cleared: boolean }[] {
    return this.engine.openIncidents().map(({ cause, root, members, clearedAt }) => ({
      ...{ cause, root },
      down: [...members].flatMap(([num, { until }]) => (until === null ? [num] : [])),
      cleared: clearedAt !== null,
    }));
  }
}

export const device = (num: number) => ({ kind: 'device' as const, num });
