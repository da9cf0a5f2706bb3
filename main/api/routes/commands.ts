import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { AccessGate, Viewer } from '../../access/types.ts';
import { AppError, notFound } from '../../base/errors.ts';
import type { Commands } from '../../commands/commands.ts';
import { commandRight, readRight } from '../../commands/rights.ts';
import type { StoredCommand } from '../../commands/store.ts';
import type { Run } from '../../commands/types.ts';
import { CommandPreview, CommandRequest, CommandStart } from '../../contract/command-preview.ts';
import {
  type Command,
  CommandPage,
  CommandQuery,
  CommandRun,
  CommandRunPage,
  RunQuery,
} from '../../contract/command-runs.ts';
import { DeviceId, Id } from '../../contract/common.ts';
import type { DeviceRegistry } from '../../devices/types.ts';
import type { Api } from '../server.ts';

export interface CommandServices {
  gate: AccessGate;
  devices: Pick<DeviceRegistry, 'get' | 'byNum'>;
  commands: Pick<Commands, 'preview' | 'start' | 'resume' | 'halt' | 'store'>;
}

const ById = z.object({ id: Id });

const commanderOf = ({ viewer: { personId, name, from } }: FastifyRequest) => ({ personId, name, from });

const cursorOf = (text: string | undefined): number | undefined => {
  if (text === undefined) return undefined;
  const seq = Number(text);
  if (!Number.isSafeInteger(seq))
    throw new AppError('bad-cursor', 400, 'This page does not exist. Start from the first one.');
  return seq;
};

/**
 * Commands to devices. Who may command nothing anywhere is refused at each of them; what is asked for is decided device
 * by device: in the preview, at the start and again when each command is sent.
 */
export function commandRoutes(app: Api, { gate, devices, commands }: CommandServices): void {
  const { store } = commands;

  /** What a person may do at which devices, asked once for many. */
  function reachOf(viewer: Viewer, rightOf: typeof commandRight): (num: number) => boolean {
    const camera = gate.visible(viewer, rightOf('camera'));
    const other = gate.visible(viewer, rightOf('ap'));
    return (num) => {
      const device = devices.byNum(num);
      return device !== undefined && (device.kind === 'camera' ? camera : other).has(num);
    };
  }

  /** @throws AppError `no-right`, put on record, for who may command neither points nor cameras */
  async function demandSome(request: FastifyRequest): Promise<void> {
    const wifi = gate.may(request.viewer, 'wifi.command', null);
    if (wifi.allowed || gate.may(request.viewer, 'device.edit', null).allowed) return;
    throw await request.refuse('wifi.command', null, wifi.reason);
  }

  /**
   * The runs as this person may see them: counts and sizes of stages tell of no others than his devices. Runs of which
   * he may see no device are not there for him.
   */
  async function views(viewer: Viewer, runs: readonly Run[]): Promise<CommandRun[]> {
    const mayCommand = reachOf(viewer, commandRight);
    const mayRead = reachOf(viewer, readRight);
    const shown: CommandRun[] = [];
    for (const run of runs) {
      // A run may have thousands of devices, a page many runs: others have their turn between them.
      if (runs.length > 1) await nextTurn();
      const counts: CommandRun['counts'] = {};
      const stages = run.stages.map(() => 0);
      let all = true;
      let shownDevices = 0;
      let only: number | undefined;
      for (const { stage, state, nums } of await store.states(run.id)) {
        all = all && nums.every(mayCommand);
        const readable = nums.filter(mayRead);
        const seen = readable.length;
        if (seen > 0) counts[state] = (counts[state] ?? 0) + seen;
        if (stage in stages) stages[stage] = (stages[stage] ?? 0) + seen;
        shownDevices += seen;
        only = readable[0] ?? only;
      }
      const own = run.personId === viewer.personId;
      if (!own && Object.keys(counts).length === 0) continue;
      shown.push({
        ...{ id: run.id, spec: run.spec, reason: run.reason, startedAt: run.startedAt, endedAt: run.endedAt },
        ...{ state: run.state, stateReason: run.stateReason, stage: run.stage, stages },
        ...{ expiresInS: run.expiresInS, stopAtFailedPct: run.stopAtFailedPct },
        pauseBetweenStages: run.pauseBetweenStages,
        person: { id: run.personId, name: run.personName },
        device: (shownDevices === 1 && only !== undefined && (await store.deviceOf(run.id, only))) || null,
        ...{ counts, mine: all || own },
      });
    }
    return shown;
  }

  async function view(viewer: Viewer, run: Run | undefined, id: string): Promise<CommandRun> {
    const [shown] = run ? await views(viewer, [run]) : [];
    if (!shown) throw notFound('run of commands', id);
    return shown;
  }

  function commandView(run: Run, command: StoredCommand): Command {
    const {
      seq: _seq,
      num: _num,
      executorId,
      port,
      publishedAt: _published,
      expiresAt: _expires,
      ...rest
    } = command;
    return {
      ...rest,
      spec: run.spec,
      personName: run.personName,
      via: port === null ? null : { id: executorId, port },
    };
  }

  /** His own, or one at whose devices he may do the same. @throws AppError `not-found`, `no-right` */
  async function demandMine(request: FastifyRequest, id: string): Promise<void> {
    const run = await view(request.viewer, await store.run(id), id);
    if (!run.mine) throw await request.refuse('wifi.command', null, 'no-grant');
  }

  app.post(
    '/api/commands/preview',
    {
      config: { access: 'signed-in' },
      schema: {
        description:
          'What a command would do at each device, and a token by which exactly this can be started within five minutes',
        body: CommandRequest,
        response: { 200: CommandPreview },
      },
    },
    async (request) => {
      await demandSome(request);
      return commands.preview(request.viewer, request.body);
    },
  );

  app.post(
    '/api/commands',
    {
      config: { access: 'signed-in' },
      schema: {
        description:
          'Starts what was previewed: one device, then a tenth, then all. The same key starts it once',
        body: CommandStart,
        response: { 201: CommandRun },
      },
    },
    async (request, reply) => {
      await demandSome(request);
      const run = await commands.start(commanderOf(request), request.body);
      reply.code(201);
      return view(request.viewer, run, run.id);
    },
  );

  app.get(
    '/api/commands',
    {
      config: { access: 'signed-in' },
      schema: {
        description: 'Runs of commands at devices that the person may see, newest first',
        querystring: RunQuery,
        response: { 200: CommandRunPage },
      },
    },
    async ({ viewer, query: { state, limit, cursor } }, reply) => {
      reply.header('cache-control', 'no-store');
      const runs = await store.runs({ state, before: cursor, limit });
      const items = await views(viewer, runs);
      const last = runs.length === limit ? runs.at(-1)?.id : undefined;
      return { items, total: items.length, ...(last === undefined ? {} : { nextCursor: last }) };
    },
  );

  app.get(
    '/api/commands/:id',
    { config: { access: 'signed-in' }, schema: { params: ById, response: { 200: CommandRun } } },
    async ({ viewer, params: { id } }, reply) => {
      reply.header('cache-control', 'no-store');
      return view(viewer, await store.run(id), id);
    },
  );

  app.get(
    '/api/commands/:id/devices',
    {
      config: { access: 'signed-in' },
      schema: {
        description:
          'What became of the command at each device that the person may see, in the order of telling',
        params: ById,
        querystring: CommandQuery,
        response: { 200: CommandPage },
      },
    },
    async ({ viewer, params: { id }, query: { state, limit, cursor } }, reply) => {
      reply.header('cache-control', 'no-store');
      const run = await store.run(id);
      const { counts } = await view(viewer, run, id);
      if (!run) throw notFound('run of commands', id);
      const stored = await store.commandsOfRun(id, { state, cursor: cursorOf(cursor), limit });
      const last = stored.length === limit ? stored.at(-1)?.seq : undefined;
      const mayRead = reachOf(viewer, readRight);
      const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
      return {
        items: stored.filter(({ num }) => mayRead(num)).map((command) => commandView(run, command)),
        total: state === undefined ? all : (counts[state] ?? 0),
        ...(last === undefined ? {} : { nextCursor: String(last) }),
      };
    },
  );

  for (const [verb, act, description] of [
    ['continue', commands.resume, 'Goes on with a run that is paused'],
    ['stop', commands.halt, 'Calls off what was not sent yet; what is under way at devices goes on'],
  ] as const)
    app.post(
      `/api/commands/:id/${verb}`,
      {
        config: { access: 'signed-in' },
        schema: { description, params: ById, response: { 200: CommandRun } },
      },
      async (request) => {
        const { id } = request.params;
        await demandSome(request);
        await demandMine(request, id);
        return view(request.viewer, await act(commanderOf(request), id), id);
      },
    );

  app.get(
    '/api/devices/:id/commands',
    {
      config: { access: { action: 'device.view', deviceParam: 'id' } },
      schema: {
        description: 'Commands to this device, newest first',
        params: z.object({ id: DeviceId }),
        querystring: CommandQuery,
        response: { 200: CommandPage },
      },
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store');
      const { device, viewer } = request;
      const { state, limit, cursor } = request.query;
      const right = readRight(device.kind);
      const decision = gate.may(viewer, right, device);
      if (!decision.allowed) throw await request.refuse(right, device, decision.reason);
      const stored = await store.commandsOfDevice(device.num, { state, cursor: cursorOf(cursor), limit });
      const runs = new Map<string, Run>();
      for (const { runId } of stored) {
        const run = runs.get(runId) ?? (await store.run(runId));
        if (run) runs.set(runId, run);
      }
      const items = stored.flatMap((command) => {
        const run = runs.get(command.runId);
        return run ? [commandView(run, command)] : [];
      });
      const last = stored.length === limit ? stored.at(-1)?.seq : undefined;
      return { items, total: items.length, ...(last === undefined ? {} : { nextCursor: String(last) }) };
    },
  );
}
