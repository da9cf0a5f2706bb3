import type { PersonGate } from '../access/types.ts';
import type { Clock } from '../base/clock.ts';
import type { DeviceRecord } from '../devices/types.ts';
import type { LatestReport } from '../health/types.ts';
import type { Claims } from './claims.ts';
import { sending } from './life.ts';
import type { LiveRun } from './live-run.ts';
import type { Pacer } from './pace.ts';
import { type PlanServices, planDevice } from './plan.ts';
import { commandRight } from './rights.ts';
import { groupOf } from './spec.ts';
import type { Steps } from './steps.ts';
import type { DeviceCommand } from './types.ts';

/** Commands that a run sends in one beat: a whole city is told over a minute, and stopped within it. */
const SENT_A_BEAT = 20;

/** @returns what sends some of a run's stage, each after a last look at its device and at the right to it */
export function createSender(options: {
  clock: Clock;
  steps: Steps;
  claims: Pick<Claims, 'claim'>;
  pacer: Pick<Pacer, 'look'>;
  personGate: PersonGate;
  devices: { get(id: string): DeviceRecord | undefined; byNum(num: number): DeviceRecord | undefined };
  latest(device: DeviceRecord): LatestReport;
  below(device: DeviceRecord): readonly DeviceRecord[];
}): (live: LiveRun) => void {
  const { clock, claims, pacer, personGate, devices, latest } = options;
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
      busy: (one) => !claims.claim(one.num, groupOf(run.spec.kind), command.id),
    };
    const { skip, executor, port, now } = planDevice(run.spec, device, services);
    if (skip === 'no-right' || skip === 'no-right-below') stop(live, 'right-withdrawn', null);
    else if (skip === null) {
      Object.assign(command, { executorId: executor.id, port });
      apply(live, command, sending(clock.now(), run.expiresInS * 1000, now), person);
      // What it said before is no effect.
      const pace = live.paces.get(command.id);
      if (pace) pacer.look(pace, latest(device));
    } else if (skip !== 'unknown' || clock.monotonic() - live.stageSince >= run.expiresInS * 1000)
      finish(live, command, 'skipped', skip);
  }

  return (live) => {
    let left = SENT_A_BEAT;
    for (const command of live.commands) {
      if (left === 0 || live.run.state !== 'running') return;
      if (command.state !== 'waiting' || command.stage !== live.run.stage) continue;
      send(live, command);
      left -= 1;
    }
  };
}
