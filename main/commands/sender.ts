import type { PersonGate } from '../access/types.ts';
import type { Clock } from '../base/clock.ts';
import type { SkipReason } from '../contract/command-preview.ts';
import type { DeviceRecord } from '../devices/types.ts';
import type { LatestReport } from '../health/types.ts';
import type { Holder } from './claims.ts';
import type { FindConflict } from './conflicts.ts';
import { sending } from './life.ts';
import type { LiveRun } from './live-run.ts';
import type { Pacer } from './pace.ts';
import { type PlanServices, planDevice } from './plan.ts';
import { commandRight } from './rights.ts';
import type { Steps } from './steps.ts';
import type { DeviceCommand } from './types.ts';

/** Commands that a run sends in one beat: a whole city is told over a minute, and stopped within it. */
const SENT_A_BEAT = 20;
/** What passes by itself, and is waited for as long as a command may be under way. */
const WAITED_FOR: ReadonlySet<SkipReason> = new Set(['unknown', 'busy']);

/** @returns what sends some of a run's stage, each after a last look at its device and at the right to it */
export function createSender(options: {
  clock: Clock;
  steps: Steps;
  conflict: FindConflict;
  /** Whether a command was sent to its device and is not settled. */
  underWay(holder: Holder): boolean;
  pacer: Pick<Pacer, 'look'>;
  personGate: PersonGate;
  devices: { get(id: string): DeviceRecord | undefined; byNum(num: number): DeviceRecord | undefined };
  latest(device: DeviceRecord): LatestReport;
  below(device: DeviceRecord): readonly DeviceRecord[];
}): (live: LiveRun) => void {
  const { clock, conflict, underWay, pacer, personGate, devices, latest } = options;
  const { apply, finish, stop } = options.steps;

  /** Looks at the device once more, the right included, and sends the command or leaves the device out. */
  function send(live: LiveRun, command: DeviceCommand): void {
    const { run } = live;
    const device = devices.byNum(command.num);
    const person = personGate.person(run.personId);
    if (!person) stop(live, 'account-closed', null);
    else if (!device) finish(live, command, 'cancelled', 'removed');
    else sendTo(live, command, device, { id: person.id, name: person.name });
  }

  function sendTo(
    live: LiveRun,
    command: DeviceCommand,
    device: DeviceRecord,
    person: { id: string; name: string },
  ): void {
    const { run } = live;
    const services: PlanServices = {
      ...{ get: devices.get, latest, below: options.below },
      may: (one) => personGate.may(run.personId, commandRight(one.kind), one).allowed,
      conflict: (one, executor) => conflict(one, { kind: run.spec.kind, executor, runId: run.id }, underWay),
    };
    const { skip, executor, port, now } = planDevice(run.spec, device, services);
    if (skip === 'no-right' || skip === 'no-right-below') stop(live, 'right-withdrawn', null);
    else if (skip === null) {
      Object.assign(command, { executorId: executor.id, port });
      apply(live, command, sending(clock.now(), run.expiresInS * 1000, now), person);
      // What it said before is no effect.
      const pace = live.paces.get(command.id);
      if (pace) pacer.look(pace, latest(device));
    } else if (!WAITED_FOR.has(skip) || clock.monotonic() - live.stageSince >= run.expiresInS * 1000)
      finish(live, command, 'skipped', skip);
  }

  return (live) => {
    const { commands, run } = live;
    // On from where the last beat ended: those that are waited for must not keep the others from their turn.
    const first = live.nextToSend;
    let left = SENT_A_BEAT;
    for (let count = 0; count < commands.length; count++) {
      if (left === 0 || run.state !== 'running') return;
      const at = (first + count) % commands.length;
      const command = commands[at];
      if (command?.state !== 'waiting' || command.stage !== run.stage) continue;
      send(live, command);
      left -= 1;
      live.nextToSend = at + 1;
    }
  };
}
