import type { PersonGate } from '../access/types.ts';
import type { Clock } from '../base/clock.ts';
import type { CommandState } from '../contract/command-runs.ts';
import type { CommandKind } from '../contract/command-spec.ts';
import type { DeviceRecord } from '../devices/types.ts';
import type { LatestReport } from '../health/types.ts';
import type { Answer } from './answers.ts';
import { type Claims, createClaims, type Holder } from './claims.ts';
import { createConflicts } from './conflicts.ts';
import type { Delivery } from './delivery.ts';
import { ANSWER_GRACE_MS, type Change, effectMs, onAck } from './life.ts';
import { type LiveRun, substitute, tallyOf } from './live-run.ts';
import { createPacer } from './pace.ts';
import { createSender } from './sender.ts';
import { CUTTING_OFF, cutsOff, groupOf } from './spec.ts';
import { isOpen, isUnderWay, judgeStage } from './stages.ts';
import { createSteps } from './steps.ts';
import type { Commander, DeviceCommand, Run, UnderWay } from './types.ts';
import type { WallTimes } from './wall-times.ts';
import { createWatch } from './watch.ts';
import type { Writer } from './writer.ts';

/** A run that nobody continues for so long is stopped: the city is no longer what the preview showed, ms. */
const FORGOTTEN_AFTER_MS = 24 * 3_600_000;

export interface RunnerOptions {
  clock: Clock;
  wall: WallTimes;
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

/** Carries runs out, beat by beat: sends what is due, watches for effects, judges stages, stops on failures. */
export interface Runner {
  /** Takes a run over that is stored: a new one, or one that the last run of the hub left. */
  adopt(run: Run, commands: DeviceCommand[]): void;
  /** The run, while something of it is under way. */
  get(runId: string): Run | undefined;
  runsOf(personId: string): number;
  /** What stands in the way of a command that is about to be ordered. */
  conflict(device: DeviceRecord, kind: CommandKind, executor?: DeviceRecord): Holder | undefined;
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
  const { clock, writer, delivery, devices, latest } = options;
  const lives = new Map<string, LiveRun>();
  let timesSet = options.wall.timesSet();
  const byId = new Map<string, { live: LiveRun; command: DeviceCommand }>();
  const claims = createClaims();
  const findConflict = createConflicts({ ...{ claims, get: devices.get, below: options.below }, atPortsOf });
  const pacer = createPacer({ clock, wall: options.wall });
  const steps = createSteps({ clock, writer, delivery, claims, pacer });
  const { apply, turn, stop, ended } = steps;
  const sendSome = createSender({ ...options, steps, pacer, conflict: findConflict, underWay });
  const watch = createWatch({ ...options, steps, pacer });

  function advance(live: LiveRun): void {
    const { run } = live;
    const verdict = judgeStage(run.stage, tallyOf(live), run.stopAtFailedPct);
    if (verdict === 'wait' || (verdict === 'next' && putAnother(live))) sendSome(live);
    else if (verdict === 'stop') steps.pause(live);
    else if (run.stage + 1 >= run.stages.length)
      turn(live, { state: 'done', stateReason: null, endedAt: clock.now() }, null);
    else {
      const next = { stage: run.stage + 1, stageAt: clock.now(), forgiven: 0 };
      if (run.pauseBetweenStages) turn(live, { ...next, state: 'paused', stateReason: 'stage-ended' }, null);
      else turn(live, next, null);
    }
  }

  /**
   * A command that was given up for lost comes back by its answer. Where the device has another one by now, nobody could
   * tell whose effect it shows.
   */
  function aloneAgain(live: LiveRun, command: DeviceCommand, change: Change, device: DeviceRecord): Change {
    if (command.endedAt === null || change.endedAt !== null) return change;
    const executor = devices.get(command.executorId) ?? device;
    const { kind } = live.run.spec;
    const other = findConflict(device, { kind, executor, runId: live.run.id }, underWay);
    if (!other) return change;
    return { ...change, state: 'unconfirmed', reason: 'busy', endedAt: clock.now(), waitsUntil: null };
  }

  /** Too many failed, and nobody is left at whom a person could have it go on. */
  function failedForGood(live: LiveRun): boolean {
    const { run, commands } = live;
    if (commands.some(({ state }) => isOpen(state))) return false;
    if (run.state === 'paused') return run.stateReason === 'failures';
    return judgeStage(run.stage, tallyOf(live), run.stopAtFailedPct) === 'stop';
  }

  function putAnother(live: LiveRun): boolean {
    const command = substitute(live);
    if (command) writer.put({ run: live.run, command });
    return command !== undefined;
  }

  function underWay({ commandId }: Holder): boolean {
    const found = byId.get(commandId);
    return found !== undefined && isUnderWay(found.command.state);
  }

  /** Under way, or to be sent next; also what is being stored now, and will be. */
  function imminent(holder: Holder): boolean {
    const found = byId.get(holder.commandId);
    if (!found) return true;
    const { command, live } = found;
    const next = command.state === 'waiting' && command.stage === live.run.stage;
    return underWay(holder) || (next && live.run.state === 'running');
  }

  function* atPortsOf(switchId: string): Generator<Holder> {
    for (const { command, live } of byId.values())
      if (command.executorId === switchId && command.deviceId !== switchId && isOpen(command.state))
        yield { commandId: command.id, num: command.num, run: live.run };
  }

  /** As long as its last step lets it wait, at most. */
  const mostMs = (run: Run, { state }: DeviceCommand, device: DeviceRecord | undefined): number =>
    state === 'sent' || !device
      ? run.expiresInS * 1000 + ANSWER_GRACE_MS
      : effectMs(run.spec, latest(device).heartbeatMs);

  /** What is shown and stored of the time left is told by the clock as it was set. */
  function clockWasSet(): void {
    timesSet = options.wall.timesSet();
    const ahead = clock.now() - clock.monotonic();
    for (const live of lives.values())
      for (const command of live.commands) {
        const pace = live.paces.get(command.id);
        if (!pace || command.waitsUntil === null || !isUnderWay(command.state)) continue;
        const until = Math.round(ahead + pace.due);
        if (command.expiresAt !== null) command.expiresAt += until - command.waitsUntil;
        command.waitsUntil = until;
        writer.put({ command });
      }
  }

  function drop(live: LiveRun): void {
    lives.delete(live.run.id);
    for (const { id } of live.commands) byId.delete(id);
  }

  return {
    claim: claims.claim,
    release: claims.release,
    conflict: (device, kind, executor = device) =>
      findConflict(device, { kind, executor, runId: null }, imminent),
    cuttingOff(num) {
      for (const group of new Set(CUTTING_OFF.map(groupOf))) {
        const found = byId.get(claims.holder(num, group)?.commandId ?? '');
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
        paces: new Map(),
        nextToSend: 0,
        stageSince: now,
        pausedSince: now,
      };
      lives.set(run.id, live);
      for (const command of commands) {
        byId.set(command.id, { live, command });
        const device = devices.byNum(command.num);
        const pace = pacer.adopted(command, device && latest(device), mostMs(run, command, device));
        if (pace) live.paces.set(command.id, pace);
        if (!isOpen(command.state)) continue;
        claims.claim(groupOf(run.spec.kind), { commandId: command.id, num: command.num, run });
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
      if (change) apply(live, command, aloneAgain(live, command, change, target));
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
      if (options.wall.timesSet() !== timesSet) clockWasSet();
      for (const live of lives.values()) {
        watch(live);
        const { run } = live;
        if (run.endedAt === null && failedForGood(live))
          turn(live, { state: 'stopped', stateReason: 'failures', endedAt: clock.now() }, null);
        else if (run.state === 'running') advance(live);
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
