import type { PersonGate } from '../access/types.ts';
import type { Clock } from '../base/clock.ts';
import type { RunReason } from '../contract/command-runs.ts';
import type { DeviceRecord } from '../devices/types.ts';
import type { LatestReport } from '../health/types.ts';
import type { Delivery } from './delivery.ts';
import { onReport, onTime } from './life.ts';
import type { LiveRun } from './live-run.ts';
import { commandRight } from './rights.ts';
import { isUnderWay } from './stages.ts';
import type { Steps } from './steps.ts';
import type { DeviceCommand } from './types.ts';

/** Its time is over by the steady clock: one of the wall that was set back must not make it wait on. */
const asOverdue = (command: DeviceCommand, now: number): DeviceCommand => ({
  ...command,
  waitsUntil: Math.min(command.waitsUntil ?? now, now),
});

/** @returns what looks at all that is under way of a run: for effects, for time that is over, for a right that is lost */
export function createWatch(options: {
  clock: Clock;
  steps: Steps;
  delivery: Pick<Delivery, 'waits'>;
  personGate: PersonGate;
  devices: { byNum(num: number): DeviceRecord | undefined };
  latest(device: DeviceRecord): LatestReport;
  /** Whether the hub has heard its devices long enough for silence to count. */
  listening(): boolean;
}): (live: LiveRun) => void {
  const { clock, delivery, personGate, devices, latest } = options;
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
      const report = latest(device);
      const overdue = clock.monotonic() >= (live.due.get(command.id) ?? Number.POSITIVE_INFINITY);
      // Asked four times a second of thousands: a device that said nothing new shows nothing new.
      if (!overdue && live.lookedAt.get(command.id) === report.lastSeenAt) continue;
      live.lookedAt.set(command.id, report.lastSeenAt);
      const change =
        onReport(spec, command, report, now) ??
        (overdue && options.listening() ? onTime(spec, asOverdue(command, now), report, now) : undefined);
      if (change) apply(live, command, change);
    }
  };
}
