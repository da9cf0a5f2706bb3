import type { PersonGate } from '../access/types.ts';
import type { Clock } from '../base/clock.ts';
import type { RunReason } from '../contract/command-runs.ts';
import type { DeviceRecord } from '../devices/types.ts';
import type { LatestReport } from '../health/types.ts';
import type { Delivery } from './delivery.ts';
import { onReport, onTime } from './life.ts';
import type { LiveRun } from './live-run.ts';
import type { Pacer } from './pace.ts';
import { commandRight } from './rights.ts';
import { isUnderWay } from './stages.ts';
import type { Steps } from './steps.ts';
import type { DeviceCommand } from './types.ts';

/** @returns what looks at all that is under way of a run: for effects, for time that is over, for a right that is lost */
export function createWatch(options: {
  clock: Clock;
  steps: Steps;
  pacer: Pick<Pacer, 'look' | 'inSteadyTime'>;
  delivery: Pick<Delivery, 'waits'>;
  personGate: PersonGate;
  devices: { byNum(num: number): DeviceRecord | undefined };
  latest(device: DeviceRecord): LatestReport;
  /** Whether the hub has heard its devices long enough for silence to count. */
  listening(): boolean;
}): (live: LiveRun) => void {
  const { clock, delivery, pacer, personGate, devices, latest } = options;
  const { apply, finish, stop } = options.steps;

  /** What the broker does not have yet goes out only as long as whoever ordered it may order it. */
  function lostRight({ run }: LiveRun, { num }: DeviceCommand): RunReason | undefined {
    const device = devices.byNum(num);
    if (!personGate.person(run.personId)) return 'account-closed';
    if (!device || personGate.may(run.personId, commandRight(device.kind), device).allowed) return undefined;
    return 'right-withdrawn';
  }

  return (live) => {
    const now = clock.now();
    const { spec } = live.run;
    for (const command of live.commands) {
      if (!isUnderWay(command.state)) continue;
      const device = devices.byNum(command.num);
      if (!device) {
        finish(live, command, 'unconfirmed', 'removed');
        continue;
      }
      const toBeSent = command.state === 'sent' && (command.publishedAt === null || delivery.waits(command));
      const lost = live.run.endedAt === null && toBeSent ? lostRight(live, command) : undefined;
      if (lost) {
        stop(live, lost, null);
        return;
      }
      const pace = live.paces.get(command.id);
      if (!pace) continue;
      const steady = clock.monotonic();
      const latestReport = latest(device);
      const overdue = steady >= pace.due;
      // Asked four times a second of thousands: a device that said nothing new shows nothing new.
      if (!pacer.look(pace, latestReport) && !overdue) continue;
      const [life, report] = pacer.inSteadyTime(command, pace, latestReport);
      const change =
        onReport(spec, life, report, now) ??
        (overdue && options.listening() ? onTime(spec, life, report, { at: now, now: steady }) : undefined);
      if (change) apply(live, command, change);
    }
  };
}
