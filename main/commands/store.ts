import { type Kysely, type Selectable, sql, type Transaction } from 'kysely';
import { Shown } from '../contract/command-preview.ts';
import {
  CommandReason,
  CommandState,
  RunReason,
  type RunState,
  RunStates,
} from '../contract/command-runs.ts';
import { CommandSpec } from '../contract/command-spec.ts';
import { DeviceKind } from '../contract/device.ts';
import type { Database } from '../storage/tables.ts';
import type { DeviceCommand, Run } from './types.ts';

type Trx = Transaction<Database>;
type RunRow = Selectable<Database['command_runs']>;
type CommandRow = Selectable<Database['commands']>;

const ROWS_A_STATEMENT = 500;

export interface StoredCommand extends DeviceCommand {
  /** Grows with each command stored: the order of lists. */
  seq: number;
}

export interface CommandFilter {
  state?: CommandState | undefined;
  /** Only those after (a run's, rising) or before (a device's, falling) this one. */
  cursor?: number | undefined;
  limit: number;
}

const numbers = (text: string): number[] => {
  const value: unknown = JSON.parse(text);
  if (!Array.isArray(value)) throw new Error('not a list of numbers');
  return value.map(Number);
};
const runState = (text: string): RunState => RunStates.find((state) => state === text) ?? 'stopped';
const shown = (text: string | null): Shown | null => (text === null ? null : Shown.parse(JSON.parse(text)));
const textOf = (value: Shown | null): string | null => (value === null ? null : JSON.stringify(value));

const toRun = (row: RunRow): Run => ({
  id: row.id,
  personId: row.person_id,
  personName: row.person_name,
  from: row.from_address,
  spec: CommandSpec.parse(JSON.parse(row.spec)),
  reason: row.reason,
  startedAt: row.started_at,
  endedAt: row.ended_at,
  state: runState(row.state),
  stateReason: row.state_reason === null ? null : RunReason.parse(row.state_reason),
  stage: row.stage,
  stageAt: row.stage_at,
  stages: numbers(row.stages),
  forgiven: row.forgiven,
  expiresInS: row.expires_in_s,
  stopAtFailedPct: row.stop_at_failed_pct,
  pauseBetweenStages: row.pause_between_stages === 1,
});

const toCommand = (row: CommandRow): StoredCommand => ({
  seq: row.seq,
  id: row.id,
  runId: row.run_id,
  num: row.num,
  deviceId: row.device_id,
  deviceName: row.device_name,
  deviceKind: DeviceKind.parse(row.device_kind),
  executorId: row.executor_id,
  port: row.port,
  stage: row.stage,
  state: CommandState.parse(row.state),
  reason: row.reason === null ? null : CommandReason.parse(row.reason),
  deviceReason: row.device_reason,
  before: shown(row.before),
  after: shown(row.after),
  askedAt: row.asked_at,
  sentAt: row.sent_at,
  publishedAt: row.published_at,
  expiresAt: row.expires_at,
  acceptedAt: row.accepted_at,
  doneAt: row.done_at,
  endedAt: row.ended_at,
  waitsUntil: row.waits_until,
});

const lifeColumns = (command: DeviceCommand) => ({
  ...{ executor_id: command.executorId, port: command.port, stage: command.stage },
  ...{ state: command.state, reason: command.reason, device_reason: command.deviceReason },
  ...{ before: textOf(command.before), after: textOf(command.after) },
  ...{ sent_at: command.sentAt, published_at: command.publishedAt, expires_at: command.expiresAt },
  ...{ accepted_at: command.acceptedAt, done_at: command.doneAt, ended_at: command.endedAt },
  waits_until: command.waitsUntil,
});

const runColumns = (run: Run) => ({
  ...{ ended_at: run.endedAt, state: run.state, state_reason: run.stateReason },
  ...{ stage: run.stage, stage_at: run.stageAt, forgiven: run.forgiven },
  stages: JSON.stringify(run.stages),
});

/** Runs and commands as rows. Writes belong to the caller's transaction, in which they are put on record too. */
export function createCommandStore(db: Kysely<Database>) {
  return {
    async add(trx: Trx, run: Run, key: string, commands: readonly DeviceCommand[]): Promise<void> {
      await trx
        .insertInto('command_runs')
        .values({
          ...{ id: run.id, key, person_id: run.personId, person_name: run.personName },
          ...{ from_address: run.from, spec: JSON.stringify(run.spec), reason: run.reason },
          ...{ started_at: run.startedAt },
          ...{ expires_in_s: run.expiresInS, stop_at_failed_pct: run.stopAtFailedPct },
          ...{ pause_between_stages: run.pauseBetweenStages ? 1 : 0, ...runColumns(run) },
        })
        .execute();
      for (let at = 0; at < commands.length; at += ROWS_A_STATEMENT)
        await trx
          .insertInto('commands')
          .values(
            commands.slice(at, at + ROWS_A_STATEMENT).map((command) => ({
              ...{ id: command.id, run_id: command.runId, num: command.num },
              ...{ device_id: command.deviceId, device_name: command.deviceName },
              ...{ device_kind: command.deviceKind, asked_at: command.askedAt },
              ...lifeColumns(command),
            })),
          )
          .execute();
    },
    async write(trx: Trx, command: DeviceCommand): Promise<void> {
      await trx.updateTable('commands').set(lifeColumns(command)).where('id', '=', command.id).execute();
    },
    async writeRun(trx: Trx, run: Run): Promise<void> {
      await trx.updateTable('command_runs').set(runColumns(run)).where('id', '=', run.id).execute();
    },
    async byKey(personId: string, key: string): Promise<Run | undefined> {
      const row = await db
        .selectFrom('command_runs')
        .selectAll()
        .where('person_id', '=', personId)
        .where('key', '=', key)
        .executeTakeFirst();
      return row && toRun(row);
    },
    async run(id: string): Promise<Run | undefined> {
      const row = await db.selectFrom('command_runs').selectAll().where('id', '=', id).executeTakeFirst();
      return row && toRun(row);
    },
    /** Newest first; `before` is the id of the last one that is known (ids grow with time). */
    async runs(options: {
      state?: RunState | undefined;
      before?: string | undefined;
      limit: number;
    }): Promise<Run[]> {
      let query = db.selectFrom('command_runs').selectAll();
      if (options.state) query = query.where('state', '=', options.state);
      if (options.before) query = query.where('id', '<', options.before);
      const rows = await query.orderBy('id', 'desc').limit(options.limit).execute();
      return rows.map(toRun);
    },
    /** Runs that go on, or at whose devices something is still under way, with all their commands. */
    async open(): Promise<{ run: Run; commands: DeviceCommand[] }[]> {
      const rows = await db
        .selectFrom('command_runs')
        .selectAll()
        .where((eb) =>
          eb.or([
            eb('ended_at', 'is', null),
            eb('id', 'in', eb.selectFrom('commands').select('run_id').where('ended_at', 'is', null)),
          ]),
        )
        .orderBy('id')
        .execute();
      const found: { run: Run; commands: DeviceCommand[] }[] = [];
      for (const row of rows) found.push({ run: toRun(row), commands: await this.commands(row.id) });
      return found;
    },
    async commands(runId: string): Promise<StoredCommand[]> {
      const rows = await db
        .selectFrom('commands')
        .selectAll()
        .where('run_id', '=', runId)
        .orderBy('seq')
        .execute();
      return rows.map(toCommand);
    },
    async command(id: string): Promise<StoredCommand | undefined> {
      const row = await db.selectFrom('commands').selectAll().where('id', '=', id).executeTakeFirst();
      return row && toCommand(row);
    },
    async commandsOfRun(runId: string, { state, cursor, limit }: CommandFilter): Promise<StoredCommand[]> {
      let query = db.selectFrom('commands').selectAll().where('run_id', '=', runId);
      if (state) query = query.where('state', '=', state);
      if (cursor !== undefined) query = query.where('seq', '>', cursor);
      return (await query.orderBy('seq').limit(limit).execute()).map(toCommand);
    },
    async commandsOfDevice(num: number, { state, cursor, limit }: CommandFilter): Promise<StoredCommand[]> {
      let query = db.selectFrom('commands').selectAll().where('num', '=', num);
      if (state) query = query.where('state', '=', state);
      if (cursor !== undefined) query = query.where('seq', '<', cursor);
      return (await query.orderBy('seq', 'desc').limit(limit).execute()).map(toCommand);
    },
    /** Which devices of a run stand how, by stage: to count what a reader may see. */
    async states(runId: string): Promise<{ stage: number; state: CommandState; nums: number[] }[]> {
      const rows = await db
        .selectFrom('commands')
        .select(['stage', 'state', sql<string>`json_group_array(num)`.as('nums')])
        .where('run_id', '=', runId)
        .groupBy(['stage', 'state'])
        .execute();
      return rows.map(({ stage, state, nums }) => ({
        ...{ stage, state: CommandState.parse(state), nums: numbers(nums) },
      }));
    },
    /** What the device of a run was called when it was commanded. */
    async deviceOf(runId: string, num: number): Promise<{ id: string; name: string } | undefined> {
      return db
        .selectFrom('commands')
        .select(['device_id as id', 'device_name as name'])
        .where('run_id', '=', runId)
        .where('num', '=', num)
        .executeTakeFirst();
    },
    /** Forgets what ended before; how many runs. */
    async prune(endedBefore: number): Promise<number> {
      return db.transaction().execute(async (trx) => {
        const old = trx.selectFrom('command_runs').select('id').where('ended_at', '<', endedBefore);
        await trx.deleteFrom('commands').where('run_id', 'in', old).execute();
        const { numDeletedRows } = await trx
          .deleteFrom('command_runs')
          .where('ended_at', '<', endedBefore)
          .executeTakeFirst();
        return Number(numDeletedRows);
      });
    },
  };
}

export type CommandStore = ReturnType<typeof createCommandStore>;
