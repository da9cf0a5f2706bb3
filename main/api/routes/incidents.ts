import { z } from 'zod';
import type { AccessGate } from '../../access/types.ts';
import { notFound } from '../../base/errors.ts';
import { Id } from '../../contract/common.ts';
import {
  cursorOf,
  type Incident,
  type IncidentCursor,
  IncidentDetail,
  IncidentList,
  IncidentQuery,
  Severities,
} from '../../contract/incidents.ts';
import type { DeviceStore } from '../../devices/types.ts';
import type { HealthView } from '../../health/types.ts';
import type { Incidents } from '../../incidents/incidents.ts';
import type { Api } from '../server.ts';
import { incidentHandlingRoutes } from './incident-handling.ts';
import { createIncidentSight, type Known } from './incident-sight.ts';
import { spreadOf } from './incident-spread.ts';

export interface IncidentServices {
  gate: AccessGate;
  devices: DeviceStore;
  health: Pick<HealthView, 'statusOf' | 'exceeded'>;
  incidents: Incidents;
  now: () => number;
}

/** Incidents of one answer. */
const LIST_LIMIT = 500;
const MEMBERS_SHOWN = 500;
/** Resolved ones that are looked through for one answer to somebody who may see, or wants to see, few of them. */
const LOOKED_THROUGH = 4 * LIST_LIMIT;

/** What is wrong in the city, as far as the person may know, and what is done about it. */
export function incidentRoutes(app: Api, { gate, devices, health, incidents, now }: IncidentServices): void {
  const sight = createIncidentSight({ gate, devices, health, incidents });
  const { sees, concerns, present, knownOf, need } = sight;

  /** The next resolved ones that are wanted; none, with a `next`, when many others stand before them. */
  async function resolvedPage(
    behind: IncidentCursor | undefined,
    num: number | undefined,
    wanted: (one: Known) => boolean,
  ): Promise<{ found: Known[]; next: string | null }> {
    let from = behind;
    for (let looked = 0; ; ) {
      const rows = await incidents.resolved(from, num, LIST_LIMIT + 1);
      const page = rows.slice(0, LIST_LIMIT);
      const found = (await Promise.all(page.map(knownOf))).filter(wanted);
      from = page.at(-1);
      looked += page.length;
      const next = rows.length > LIST_LIMIT && from ? cursorOf(from) : null;
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
        const { found, next } = await resolvedPage(query.cursor, num, wanted);
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
      const mine = known.nums.filter(({ num }) => visible.has(num));
      // What still is down is what somebody can do something about.
      const shown = [...mine]
        .sort((a, b) => Number(a.until !== null) - Number(b.until !== null) || a.since - b.since)
        .slice(0, MEMBERS_SHOWN);
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
      // What people write about a device tells of it: not to whom it is hidden.
      const notes = incident.subject.kind === 'upstream' ? [] : await incidents.notes(params.id);
      return { ...incident, spread: spreadOf(mine, devices), members, notes };
    },
  );

  incidentHandlingRoutes(app, { gate, devices, incidents, sight, now });
}
