import type { PersonGate } from '../access/types.ts';
import type { AuditEvent } from '../audit/types.ts';
import type { Clock } from '../base/clock.ts';
import type { CommandReason, CommandState, RunReason } from '../contract/command-runs.ts';
import type { DeviceRecord } from '../devices/types.ts';
import type { LatestReport } from '../health/types.ts';
import type { Answer } from './answers.ts';
import { type Claims, createClaims } from './claims.ts';
import type { Delivery } from './delivery.ts';
import { type Change, onAck, onReport, onTime, sending } from './life.ts';
import { type LiveRun, stepEvent, substitute, tallyOf, turnEvent } from './live-run.ts';
import { type PlanServices, planDevice } from './plan.ts';
import { commandRight } from './rights.ts';
import { CUTTING_OFF, cutsOff, groupOf } from './spec.ts';
import { isOpen, isUnderWay, judgeStage } from './stages.ts';
import type { Commander, DeviceCommand, Run, UnderWay } from './types.ts';
import type { Writer } from './writer.ts';

/** Commands that a run sends in one beat: a whole city is told over a minute, and stopped within it. */
const SENT_A_BEAT = 20;
/** A run that nobody continues for so long is stopped: the city is no longer what the preview showed, ms. */
const FORGOTTEN_AFTER_MS = 24 * 3_600_000;

export interface RunnerOptions {
  clock: Clock;
  writer: Writer;
  delivery: Pick<Delivery, 'add' | 'again' | 'waits' | 'withdraw' | 'tick'>;
  personGate: PersonGate;
  devices: { get(id: string): DeviceRecord | undefined; byNum(num: number): DeviceRecord | undefined };
  latest(device: DeviceRecord): LatestReport;
  below(device: DeviceRecord): readonly DeviceRecord[];
  /** Whether the hub has heard its devices long enough for silence to count. */
  listening(): boolean;
  /** A device answered with another's command, or of its own making. */
  strange(answer: Answer): void;
}

/** Its time is over by the steady clock: one of the wall that was set back must not make it wait on. */
const asOverdue = (command: DeviceCommand, now: number): DeviceCommand => ({
  ...command,
  waitsUntil: Math.min(command.waitsUntil ?? now, now),
});

/** Carries runs out, beat by beat: sends what is due, watches for effects, judges stages, stops on failures. */
export interface Runner {
  /** Takes a run over that is stored: a new one, or one that the last run of the hub left. */
  adopt(run: Run, commands: DeviceCommand[]): void;
  /** The run, while something of it is under way. */
  get(runId: string): Run | undefined;
  runsOf(personId: string): number;
  busy(num: number, group: string): boolean;
  /** What was sent to the device and is not settled, of that which may cut it off. */
  cuttingOff(num: number): UnderWay | undefined;
  readonly claim: Claims['claim'];
  readonly release: Claims['release'];
  /** True when the command is known here. */
  answer(answer: Answer): boolean;
  resume(runId: string, commander: Commander): void;
  halt(runId: string, commander: Commander): void;
  beat(): void;
  /** How many commands ended how, since the start; and how many are open. */
  totals(): { ended: ReadonlyMap<CommandState, number>; open: number };
}

export function createRunner(options: RunnerOptions): Runner {
  const { clock, writer, delivery, personGate, devices, latest } = options;
  const lives = new Map<string, LiveRun>();
  const byId = new Map<string, { live: LiveRun; command: DeviceCommand }>();
  const claims = createClaims();
  const ended = new Map<CommandState, number>();

  function apply(
    live: LiveRun,
    command: DeviceCommand,
    change: Change,
    person: AuditEvent['person'] = null,
  ): void {
    Object.assign(command, change);
    const { id, num, waitsUntil } = command;
    const group = groupOf(live.run.spec.kind);
    if (waitsUntil === null) live.due.delete(id);
    else live.due.set(id, clock.monotonic() + waitsUntil - clock.now());
    if (command.endedAt === null) claims.claim(num, group, id);
    else {
      claims.release(num, group, id);
      ended.set(command.state, (ended.get(command.state) ?? 0) + 1);
    }
    const deliver = command.state === 'sent' ? { after: () => delivery.add(command, live.run.spec) } : {};
    writer.put({ command, event: stepEvent(live, command, person), ...deliver });
  }

  const finish = (live: LiveRun, command: DeviceCommand, state: CommandState, reason: CommandReason): void =>
    apply(live, command, { state, reason, endedAt: clock.now(), waitsUntil: null });

  function turn(live: LiveRun, change: Partial<Run>, by: Commander | null): void {
    const { run } = live;
    Object.assign(run, change);
    const now = clock.monotonic();
    if (change.stage !== undefined) live.stageSince = now;
    if (run.state === 'paused') live.pausedSince = now;
    writer.put({
      run,
      about: live.commands.map(({ num }) => num),
      event: turnEvent(live, by),
    });
  }

  function stop(live: LiveRun, reason: RunReason, by: Commander | null): void {
    const because =
      reason === 'right-withdrawn' || reason === 'account-closed' ? 'right-withdrawn' : 'run-stopped';
    for (const command of live.commands)
      if (command.state === 'waiting' || (command.state === 'sent' && delivery.withdraw(command)))
        apply(live, command, {
          ...{ state: 'cancelled', reason: because, sentAt: null, expiresAt: null },
          ...{ endedAt: clock.now(), waitsUntil: null },
        });
    turn(live, { state: 'stopped', stateReason: reason, endedAt: clock.now() }, by);
  }

  /** What the broker does not have yet goes out only as long as whoever ordered it may order it. */
  function lostRight({ run }: LiveRun, { num }: DeviceCommand): RunReason | undefined {
    const device = devices.byNum(num);
    if (!personGate.person(run.personId)) return 'account-closed';
    if (!device || personGate.may(run.personId, commandRight(device.kind), device).allowed) return undefined;
    return 'right-withdrawn';
  }

  function advance(live: LiveRun): void {
    const { run } = live;
    const verdict = judgeStage(run.stage, tallyOf(live), run.stopAtFailedPct);
    if (verdict === 'wait' || (verdict === 'next' && putAnother(live))) sendSome(live);
    else if (verdict === 'stop') turn(live, { state: 'paused', stateReason: 'failures' }, null);
    else if (run.stage + 1 >= run.stages.length)
      turn(live, { state: 'done', stateReason: null, endedAt: clock.now() }, null);
    else {
      const next = { stage: run.stage + 1, stageAt: clock.now(), forgiven: 0 };
      if (run.pauseBetweenStages) turn(live, { ...next, state: 'paused', stateReason: 'stage-ended' }, null);
      else turn(live, next, null);
    }
  }

  function sendSome(live: LiveRun): void {
    let left = SENT_A_BEAT;
    for (const command of live.commands) {
      if (left === 0 || live.run.state !== 'running') return;
      if (command.state !== 'waiting' || command.stage !== live.run.stage) continue;
      send(live, command);
      left -= 1;
    }
  }

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
    } else if (skip !== 'unknown' || clock.monotonic() - live.stageSince >= run.expiresInS * 1000)
      finish(live, command, 'skipped', skip);
  }

  function putAnother(live: LiveRun): boolean {
    const command = substitute(live);
    if (command) writer.put({ run: live.run, command });
    return command !== undefined;
  }

  function watch(live: LiveRun): void {
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
  }

  function drop(live: LiveRun): void {
    lives.delete(live.run.id);
    for (const { id } of live.commands) byId.delete(id);
  }

  return {
    claim: claims.claim,
    release: claims.release,
    busy: (num, group) => claims.holder(num, group) !== undefined,
    cuttingOff(num) {
      for (const group of new Set(CUTTING_OFF.map(groupOf))) {
        const found = byId.get(claims.holder(num, group) ?? '');
        if (!found || !isUnderWay(found.command.state)) continue;
        const { spec, personId, personName } = found.live.run;
        const { sentAt, waitsUntil } = found.command;
        if (cutsOff(spec.kind) && sentAt !== null && waitsUntil !== null)
          return { kind: spec.kind, personId, personName, sentAt, until: waitsUntil };
      }
      return undefined;
    },
    get: (runId) => lives.get(runId)?.run,
    runsOf(personId) {
      let count = 0;
      for (const { run } of lives.values()) if (run.personId === personId && run.endedAt === null) count += 1;
      return count;
    },
    adopt(run, commands) {
      const now = clock.monotonic();
      const live: LiveRun = {
        run,
        commands,
        due: new Map(),
        lookedAt: new Map(),
        stageSince: now,
        pausedSince: now,
      };
      lives.set(run.id, live);
      for (const command of commands) {
        byId.set(command.id, { live, command });
        if (!isOpen(command.state)) continue;
        claims.claim(command.num, groupOf(run.spec.kind), command.id);
        if (command.waitsUntil !== null) live.due.set(command.id, now + command.waitsUntil - clock.now());
        // What a stopped run left at its devices goes on there, and is not told once more.
        if (command.state === 'sent' && run.endedAt === null) delivery.again(command, run.spec);
      }
    },
    answer(answer) {
      const found = byId.get(answer.ack.requestId);
      if (!found) return false;
      const { live, command } = found;
      const device = devices.byNum(answer.num);
      if (device?.id !== command.executorId) {
        options.strange(answer);
        return true;
      }
      const target = devices.byNum(command.num) ?? device;
      const change = onAck(
        live.run.spec,
        command,
        answer.ack,
        { at: answer.at, now: clock.now() },
        latest(target).heartbeatMs,
      );
      if (change) apply(live, command, change);
      return true;
    },
    resume(runId, commander) {
      const live = lives.get(runId);
      if (live?.run.state !== 'paused') return;
      const forgiven = live.run.stateReason === 'failures' ? tallyOf(live).failed : live.run.forgiven;
      turn(live, { state: 'running', stateReason: null, forgiven }, commander);
    },
    halt(runId, commander) {
      const live = lives.get(runId);
      if (live && live.run.endedAt === null) stop(live, 'person', commander);
    },
    beat() {
      for (const live of lives.values()) {
        watch(live);
        const { run } = live;
        if (run.state === 'running') advance(live);
        else if (run.state === 'paused' && clock.monotonic() - live.pausedSince > FORGOTTEN_AFTER_MS)
          stop(live, 'forgotten', null);
        // Until its end is stored: an answer that comes meanwhile must not find it, and begin it, as it was before.
        const over = run.endedAt !== null && !live.commands.some(({ state }) => isUnderWay(state));
        if (over && writer.idle()) drop(live);
      }
      delivery.tick();
      writer.tick();
    },
    totals() {
      let open = 0;
      for (const { commands } of lives.values())
        for (const { state } of commands) if (isOpen(state)) open += 1;
      return { ended, open };
    },
  };
}
