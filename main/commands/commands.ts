import type { Kysely } from 'kysely';
import type { AccessGate, PersonGate, Viewer } from '../access/types.ts';
import type { AuditLog } from '../audit/types.ts';
import type { Clock } from '../base/clock.ts';
import { AppError, messageOf, notFound } from '../base/errors.ts';
import type { EventBus } from '../base/event-bus.ts';
import type { Logger } from '../base/logging.ts';
import type { CommandPreview, CommandRequest, CommandStart } from '../contract/command-preview.ts';
import type { CommandState } from '../contract/command-runs.ts';
import type { HubEvents } from '../contract/hub-events.ts';
import type { DeviceStore } from '../devices/types.ts';
import type { Health } from '../health/health.ts';
import type { Database } from '../storage/tables.ts';
import type { Answer, AnswerBox } from './answers.ts';
import { createBelow } from './below.ts';
import { type CommandBroker, createDelivery } from './delivery.ts';
import { createLateAnswers } from './late-answers.ts';
import { makeRun } from './make-run.ts';
import { previewCommand } from './preview.ts';
import { createPreviews } from './previews.ts';
import { createRateLimit } from './rate-limit.ts';
import { createRunner } from './runner.ts';
import { groupOf } from './spec.ts';
import { type CommandStore, createCommandStore } from './store.ts';
import { createStrangeAnswers } from './strange-answers.ts';
import type { Commander, Run, UnderWay } from './types.ts';
import { createWallTimes } from './wall-times.ts';
import { createWriter } from './writer.ts';

const BEAT_MS = 250;
/** After a start or a break of the link, devices get this long to be heard before their silence counts, ms. */
const LISTEN_MS = 35_000;
const RUNS_A_PERSON = 5;
const STARTS = { count: 30, windowMs: 600_000 };
const PREVIEWS = { count: 60, windowMs: 60_000 };
const PRUNE_EVERY_MS = 3_600_000;
const DAY_MS = 86_400_000;

export interface CommandsOptions {
  db: Kysely<Database>;
  clock: Clock;
  bus: EventBus<HubEvents>;
  log: Logger;
  audit: AuditLog;
  gate: Pick<AccessGate, 'visible'>;
  personGate: PersonGate;
  devices: DeviceStore;
  health: Pick<Health, 'latest' | 'statusOf' | 'hearingFor'>;
  broker: CommandBroker;
  answers: Pick<AnswerBox, 'attach'>;
  /** The word after `kalancha/v1/` in topics. */
  city: string;
  keepDays: number;
  listenMs?: number;
  /** Between two beats, ms. */
  beatMs?: number;
}

export interface Commands {
  /** @throws AppError `commands-too-many`, what `previewCommand` throws */
  preview(viewer: Viewer, request: CommandRequest): Promise<CommandPreview>;
  /**
   * Has done what was previewed; the same key again answers with the same run.
   * @throws AppError `preview-gone`, `nothing-to-command`, `command-busy`, `command-busy-near`, `too-many-runs`,
   * `commands-too-many`
   */
  start(commander: Commander, input: CommandStart): Promise<Run>;
  /** @throws AppError `not-found`, `run-not-paused` */
  resume(commander: Commander, runId: string): Promise<Run>;
  /** What is under way at devices goes on. @throws AppError `not-found`, `run-over`, `run-stop-not-stored` */
  halt(commander: Commander, runId: string): Promise<Run>;
  /**
   * The command at this device after which it may be silent for a while, from its sending until its effect showed, it
   * failed or its time was over.
   */
  cuttingOff(num: number): UnderWay | undefined;
  readonly store: Pick<
    CommandStore,
    'run' | 'runs' | 'states' | 'deviceOf' | 'commandsOfRun' | 'commandsOfDevice'
  >;
  totals(): { ended: ReadonlyMap<CommandState, number>; open: number; strange: number };
  /** UTC ms since when steps cannot be stored; null while they can. Nothing is sent meanwhile. */
  failingSince(): number | null;
  /** One beat; the timer's own, called by hand only in tests. */
  beat(): void;
  /** Waits until all that was decided is stored. */
  settle(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Commands to devices: shown before, confirmed by a token, carried out in stages, each step stored with its entry in the
 * log before it takes effect, and believed only when a later state shows it. What a stopped or killed hub left goes on.
 */
export async function createCommands(options: CommandsOptions): Promise<Commands> {
  const { db, clock, bus, log, audit, devices, health } = options;
  const store = createCommandStore(db);
  const writer = createWriter({ db, store, audit, bus, clock, log });
  const previews = createPreviews(clock);
  const below = createBelow(devices);
  const starting = new Map<string, Promise<Run>>();
  /** Runs of each person that are being stored: they count before they go on. */
  const beginning: string[] = [];
  const starts = createRateLimit(clock, STARTS);
  const looks = createRateLimit(clock, PREVIEWS);
  const strange = createStrangeAnswers({ clock, log });
  let prunedAt = Number.NEGATIVE_INFINITY;

  const wall = createWallTimes(clock);
  const delivery = createDelivery({
    ...{ city: options.city, clock, wall, log, get: devices.get, latest: health.latest },
    broker: options.broker,
    delivered(command, at) {
      command.publishedAt = at;
      writer.put({ command });
    },
  });
  const runner = createRunner({
    ...{ clock, wall, writer, delivery, devices, below, latest: health.latest },
    personGate: options.personGate,
    listening: () => health.hearingFor() >= (options.listenMs ?? LISTEN_MS),
    strange: (answer) => tellStrange(answer),
  });
  const tellStrange = ({ num, ack }: Answer): void => strange.count(devices.byNum(num)?.id, ack.requestId);

  const late = createLateAnswers({
    ...{ store, runner, devices, clock, log, latest: health.latest, strange: tellStrange },
  });

  const detach = options.answers.attach({
    take(answer) {
      if (!runner.answer(answer)) late.take(answer);
    },
    stored: () => late.idle() && writer.idle(),
  });
  for (const { run, commands } of await store.open()) runner.adopt(run, commands);

  function prune(): void {
    if (clock.monotonic() - prunedAt < PRUNE_EVERY_MS) return;
    prunedAt = clock.monotonic();
    store
      .prune(clock.now() - options.keepDays * DAY_MS)
      .then((runs) => runs > 0 && log.info({ runs }, 'old runs of commands were forgotten'))
      .catch((error: unknown) =>
        log.error({ err: messageOf(error) }, 'old runs of commands cannot be forgotten'),
      );
  }

  function beat(): void {
    runner.beat();
    prune();
  }
  const timer = setInterval(beat, options.beatMs ?? BEAT_MS);

  function admit(limit: typeof starts, personId: string): void {
    const waitS = limit.take(personId);
    if (waitS !== null)
      throw new AppError('commands-too-many', 429, `Too many at once. Try again in ${waitS} s.`, {
        seconds: waitS,
      });
  }

  async function begin(commander: Commander, input: CommandStart): Promise<Run> {
    const { personId } = commander;
    const begun = beginning.filter((id) => id === personId).length;
    if (runner.runsOf(personId) + begun >= RUNS_A_PERSON)
      throw new AppError(
        'too-many-runs',
        409,
        `${RUNS_A_PERSON} of your runs are still under way. Wait for one to end, or stop one.`,
        { most: RUNS_A_PERSON },
      );
    admit(starts, personId);
    const preview = previews.take(personId, input.token);
    const { run, commands } = makeRun(commander, input, preview, {
      clock,
      claim: runner.claim,
      conflict: runner.conflict,
    });
    const group = groupOf(preview.spec.kind);
    beginning.push(personId);
    try {
      await db.transaction().execute(async (trx) => {
        await store.add(trx, run, input.key, commands);
        await audit.append(trx, {
          ...{ kind: 'command.asked', person: { id: personId, name: commander.name }, from: commander.from },
          subject: run.id,
          data: {
            ...{ command: run.spec, reason: run.reason, stages: run.stages, expiresInS: run.expiresInS },
            ...{ stopAtFailedPct: run.stopAtFailedPct, pauseBetweenStages: run.pauseBetweenStages },
            skipped: commands.filter(({ state }) => state === 'skipped').length,
          },
        });
      });
    } catch (error) {
      for (const { num, id } of commands) runner.release(num, group, id);
      throw error;
    } finally {
      beginning.splice(beginning.indexOf(personId), 1);
    }
    runner.adopt(run, commands);
    bus.emit('command.changed', { runId: run.id, nums: commands.map(({ num }) => num) });
    return run;
  }

  async function known(runId: string): Promise<Run> {
    const run = runner.get(runId) ?? (await store.run(runId));
    if (!run) throw notFound('run of commands', runId);
    return run;
  }

  return {
    store,
    beat,
    cuttingOff: runner.cuttingOff,
    failingSince: writer.failingSince,
    totals: () => ({ ...runner.totals(), strange: strange.total() }),
    settle: writer.settle,
    async preview(viewer, request) {
      admit(looks, viewer.personId);
      return previewCommand(viewer, request, {
        ...{ gate: options.gate, devices, statuses: health, previews, latest: health.latest, below },
        conflict: (device, executor) => runner.conflict(device, request.command.kind, executor),
      });
    },
    async start(commander, input) {
      const name = `${commander.personId} ${input.key}`;
      const running = starting.get(name);
      if (running) return running;
      const made = store
        .byKey(commander.personId, input.key)
        .then((earlier) => earlier ?? begin(commander, input))
        .finally(() => starting.delete(name));
      starting.set(name, made);
      return made;
    },
    async resume(commander, runId) {
      const run = await known(runId);
      if (run.state !== 'paused')
        throw new AppError(
          'run-not-paused',
          409,
          'The run does not wait for anybody: it goes on or is over.',
        );
      runner.resume(runId, commander);
      await writer.settle();
      return known(runId);
    },
    async halt(commander, runId) {
      const run = await known(runId);
      if (run.endedAt !== null) throw new AppError('run-over', 409, 'The run is over already.');
      runner.halt(runId, commander);
      await writer.settle();
      if (writer.failingSince() !== null)
        throw new AppError(
          'run-stop-not-stored',
          503,
          'The run is stopped, but this cannot be stored now: after a restart of the hub it would go on. See to the disk of the hub first.',
        );
      return known(runId);
    },
    async stop() {
      clearInterval(timer);
      detach();
      await late.settled();
      await delivery.stop();
      await writer.settle();
      if (!writer.idle()) log.error('some steps of commands could not be stored before the stop');
    },
  };
}
