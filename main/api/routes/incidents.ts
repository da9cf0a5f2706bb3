import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { scopeCovers } from '../../access/scope.ts';
import type { AccessGate, Viewer } from '../../access/types.ts';
import { AppError, notFound } from '../../base/errors.ts';
import { Id } from '../../contract/common.ts';
import type { DeviceKind } from '../../contract/device.ts';
import {
  CommentInput,
  type Incident,
  IncidentDetail,
  IncidentList,
  IncidentQuery,
  type IncidentSubject,
  MuteInput,
  ResolveInput,
  Severities,
} from '../../contract/incidents.ts';
import type { DeviceRecord, DeviceStore } from '../../devices/types.ts';
import type { HealthView } from '../../health/types.ts';
import { WHOLE_CITY } from '../../incidents/clusters.ts';
import type { Handler, Handling } from '../../incidents/handling.ts';
import type { Incidents } from '../../incidents/incidents.ts';
import type { IncidentRow } from '../../incidents/store.ts';
import type { Api } from '../server.ts';

export interface IncidentServices {
  gate: AccessGate;
  devices: DeviceStore;
  health: Pick<HealthView, 'statusOf'>;
  incidents: Incidents;
  now: () => number;
}

/** Incidents of one answer. */
const LIST_LIMIT = 500;
const MEMBERS_SHOWN = 500;
/** Resolved ones that are looked through for one answer to somebody who may see, or wants to see, few of them. */
const LOOKED_THROUGH = 4 * LIST_LIMIT;
const LONGEST_MUTE_MS = 7 * 86_400_000;

interface Known {
  row: IncidentRow;
  nums: { num: number; since: number; until: number | null }[];
}

export const handlerOf = ({ viewer }: Pick<FastifyRequest, 'viewer'>): Handler => ({
  personId: viewer.personId,
  name: viewer.name,
  from: viewer.from,
});

/** What is wrong in the city, as far as the person may know, and what is done about it. */
export function incidentRoutes(app: Api, { gate, devices, health, incidents, now }: IncidentServices): void {
  /** Devices stand for themselves; a disk, an outage and the hub concern whoever may see incidents at all. */
  function sees(viewer: Viewer, { row, nums }: Known, action: 'incident.view' | 'incident.handle'): boolean {
    const visible = gate.visible(viewer, action);
    if (row.root.kind === 'device') return visible.has(row.root.num);
    if (row.root.kind === 'area') return nums.some(({ num }) => visible.has(num));
    return gate.may(viewer, action, null).allowed || gate.may(viewer, 'system.configure', null).allowed;
  }

  /** Whether a technician of such devices has to do with it: by what went down, not by what caused it. */
  function concerns(viewer: Viewer, { row, nums }: Known, kind: DeviceKind): boolean {
    // The hub that hears nobody concerns everybody; disks hold what cameras see.
    if (row.root.kind === 'hub') return true;
    if (row.root.kind === 'disk') return kind === 'camera';
    const visible = gate.visible(viewer, 'incident.view');
    return nums.some(({ num }) => visible.has(num) && devices.byNum(num)?.kind === kind);
  }

  async function present(viewer: Viewer, known: readonly Known[]): Promise<Incident[]> {
    const roots = known.flatMap(({ row }) => (row.root.kind === 'device' ? [row.root.num] : []));
    const named = new Map((await devices.summaries(roots, health)).map((device) => [device.num, device]));
    const visible = gate.visible(viewer, 'incident.view');
    const subjectOf = ({ root }: IncidentRow): IncidentSubject => {
      switch (root.kind) {
        case 'device': {
          const device = named.get(root.num);
          if (!device) return { kind: 'hub' };
          const { id, name, address, kind: deviceKind } = device;
          return { kind: 'device', id, name, address, deviceKind };
        }
        case 'area':
          if (root.area === WHOLE_CITY) return { kind: 'city' };
          return { kind: 'area', id: root.area, ...areaNames(root.area) };
        case 'disk':
          return root;
        case 'hub':
          return root;
      }
    };
    return known.map(({ row, nums }) => {
      const mine = nums.filter(({ num }) => visible.has(num));
      const { id, cause, severity, reason, openedAt, clearedAt, resolvedAt, foundAtStart } = row;
      return {
        ...{ id, cause, severity, reason, openedAt, clearedAt, resolvedAt, foundAtStart },
        since: mine.reduce((earliest, { since }) => Math.min(earliest, since), openedAt),
        subject: subjectOf(row),
        taken: row.taken,
        mutedUntil: row.mutedUntil,
        affected: { now: mine.filter(({ until }) => until === null).length, ever: mine.length },
      };
    });
  }

  const areaNames = (id: string): { nameRu: string; nameEn: string } => {
    const area = devices.areas().find((candidate) => candidate.id === id);
    return { nameRu: area?.nameRu ?? id, nameEn: area?.nameEn ?? id };
  };

  const knownOf = async (row: IncidentRow): Promise<Known> => ({
    row,
    nums: await incidents.members(row.id),
  });

  async function need(viewer: Viewer, id: string): Promise<Known> {
    const row = await incidents.find(id);
    const known = row && (await knownOf(row));
    // Who may not see it does not learn that it exists.
    if (!known || !sees(viewer, known, 'incident.view')) throw notFound('incident', id);
    return known;
  }

  /** The next resolved ones that are wanted; none, with a `next`, when many others stand before them. */
  async function resolvedPage(
    before: number | undefined,
    num: number | undefined,
    wanted: (one: Known) => boolean,
  ): Promise<{ found: Known[]; next: number | null }> {
    let from = before;
    for (let looked = 0; ; ) {
      const rows = await incidents.resolved(from, num, LIST_LIMIT + 1);
      const page = rows.slice(0, LIST_LIMIT);
      const found = (await Promise.all(page.map(knownOf))).filter(wanted);
      from = page.at(-1)?.openedAt;
      looked += page.length;
      const next = rows.length > LIST_LIMIT ? (from ?? null) : null;
      if (found.length > 0 || next === null || looked >= LOOKED_THROUGH) return { found, next };
    }
  }

  const rank = ({ severity }: Pick<Incident, 'severity'>): number => Severities.indexOf(severity);
  const asList = { config: { access: 'signed-in' as const } };

  app.get(
    '/api/incidents',
    {
      ...asList,
      schema: {
        description: 'Open incidents, the worst and newest first, or resolved ones, the newest first',
        querystring: IncidentQuery,
        response: { 200: IncidentList },
      },
    },
    async ({ viewer, query }, reply) => {
      reply.header('cache-control', 'no-store');
      const num = query.device === undefined ? undefined : devices.get(query.device)?.num;
      if (query.device !== undefined) {
        const seen = (action: 'incident.view' | 'device.view') =>
          num !== undefined && gate.visible(viewer, action).has(num);
        // Neither that it exists nor that it is down with another that he may see.
        if (!seen('incident.view') && !seen('device.view')) throw notFound('device', query.device);
        if (!seen('incident.view')) return { items: [], more: false, next: null };
      }
      const { kind } = query;
      const wanted = (one: Known): boolean =>
        sees(viewer, one, 'incident.view') && (kind === undefined || concerns(viewer, one, kind));
      if (query.state === 'resolved') {
        const { found, next } = await resolvedPage(query.before, num, wanted);
        return { items: await present(viewer, found), more: next !== null, next };
      }
      // Chosen before anything is read of them: in a bad night there are thousands.
      const open = incidents
        .open()
        .map(({ row, members }) => ({
          row,
          nums: [...members].map(([of, member]) => ({ num: of, ...member })),
        }))
        .filter((one) => (num === undefined || one.nums.some((member) => member.num === num)) && wanted(one))
        // What lasts comes before what is over and merely waits to be closed.
        .sort(
          (a, b) =>
            Number(a.row.clearedAt !== null) - Number(b.row.clearedAt !== null) ||
            rank(a.row) - rank(b.row) ||
            b.row.openedAt - a.row.openedAt,
        );
      const items = await present(viewer, open.slice(0, LIST_LIMIT));
      return { items, more: open.length > LIST_LIMIT, next: null };
    },
  );

  app.get(
    '/api/incidents/:id',
    {
      ...asList,
      schema: {
        description: 'One incident with its history and what it took down',
        params: z.object({ id: Id }),
        response: { 200: IncidentDetail },
      },
    },
    async ({ viewer, params }, reply) => {
      reply.header('cache-control', 'no-store');
      const known = await need(viewer, params.id);
      const [incident] = await present(viewer, [known]);
      if (!incident) throw notFound('incident', params.id);
      const visible = gate.visible(viewer, 'incident.view');
      const all = await incidents.members(params.id);
      const shown = all.filter(({ num }) => visible.has(num)).slice(0, MEMBERS_SHOWN);
      const named = new Map(
        (
          await devices.summaries(
            shown.map(({ num }) => num),
            health,
          )
        ).map((device) => [device.num, device]),
      );
      const members = shown.flatMap(({ num, since, until }) => {
        const device = named.get(num);
        return device ? [{ id: device.id, name: device.name, kind: device.kind, since, until }] : [];
      });
      return { ...incident, members, notes: await incidents.notes(params.id) };
    },
  );

  /** The device that stands for the incident in the record of a refusal. */
  const deviceOf = ({ row }: Known): DeviceRecord | null =>
    row.root.kind === 'device' ? (devices.byNum(row.root.num) ?? null) : null;

  /** A district's outage is quiet for everybody at once: only whoever handles all that is in it may say so. */
  function maySilence(viewer: Viewer, { row, nums }: Known, { action }: Handling): boolean {
    if (row.root.kind !== 'area' || action === 'take' || action === 'release' || action === 'comment')
      return true;
    const visible = gate.visible(viewer, 'incident.handle');
    return nums.every(({ num }) => visible.has(num));
  }

  async function handle(request: FastifyRequest, id: string, handling: Handling): Promise<void> {
    const known = await need(request.viewer, id);
    if (!sees(request.viewer, known, 'incident.handle') || !maySilence(request.viewer, known, handling))
      throw await request.refuse('incident.handle', deviceOf(known), 'no-grant');
    await incidents.handle(id, handlerOf(request), handling);
  }

  const params = z.object({ id: Id });
  for (const action of ['take', 'release', 'unmute'] as const)
    app.post(
      `/api/incidents/:id/${action}`,
      { ...asList, schema: { description: `To ${action} an incident`, params } },
      async (request, reply) => {
        await handle(request, request.params.id, { action });
        return reply.code(204).send();
      },
    );
  app.post(
    '/api/incidents/:id/comment',
    { ...asList, schema: { description: 'A remark for whoever looks next', params, body: CommentInput } },
    async (request, reply) => {
      await handle(request, request.params.id, { action: 'comment', text: request.body.text });
      return reply.code(204).send();
    },
  );
  app.post(
    '/api/incidents/:id/mute',
    {
      ...asList,
      schema: { description: 'No sound and no notification until then', params, body: MuteInput },
    },
    async (request, reply) => {
      const { until, text } = request.body;
      if (until <= now() || until > now() + LONGEST_MUTE_MS)
        throw new AppError('mute-range', 400, 'Mute until some time within the next seven days.');
      await handle(request, request.params.id, { action: 'mute', until, text });
      return reply.code(204).send();
    },
  );
  app.post(
    '/api/incidents/:id/resolve',
    { ...asList, schema: { description: 'It is understood and over', params, body: ResolveInput } },
    async (request, reply) => {
      await handle(request, request.params.id, { action: 'resolve', text: request.body.text });
      return reply.code(204).send();
    },
  );
}

/** May this person arrange maintenance for all of a scope? */
export const coversScope = (
  devices: Pick<DeviceStore, 'all'>,
  visible: { has(num: number): boolean },
  scope: Parameters<typeof scopeCovers>[0],
): boolean => {
  let any = false;
  for (const device of devices.all()) {
    if (!scopeCovers(scope, device)) continue;
    if (!visible.has(device.num)) return false;
    any = true;
  }
  return any;
};
