import type { AccessGate, Viewer } from '../../access/types.ts';
import { notFound } from '../../base/errors.ts';
import type { DeviceKind } from '../../contract/device.ts';
import type { Incident, IncidentSubject } from '../../contract/incidents.ts';
import type { DeviceStore } from '../../devices/types.ts';
import type { HealthView } from '../../health/types.ts';
import { WHOLE_CITY } from '../../incidents/clusters.ts';
import type { Incidents } from '../../incidents/incidents.ts';
import type { IncidentRow } from '../../incidents/store.ts';

export interface IncidentSightServices {
  gate: AccessGate;
  devices: DeviceStore;
  health: Pick<HealthView, 'statusOf' | 'exceeded'>;
  incidents: Pick<Incidents, 'find' | 'members'>;
}

/** An incident with all devices that it ever took down. */
export interface Known {
  row: IncidentRow;
  nums: { num: number; since: number; until: number | null }[];
}

/** What a person may know of incidents: which there are, and what of each. */
export function createIncidentSight({ gate, devices, health, incidents }: IncidentSightServices) {
  /**
   * What took down a device that he may see is his to know of, though it is a switch that he may not see; to handle it
   * is for whoever handles the switch. A disk and the hub concern whoever may see incidents at all.
   */
  function sees(viewer: Viewer, { row, nums }: Known, action: 'incident.view' | 'incident.handle'): boolean {
    const visible = gate.visible(viewer, action);
    const { root } = row;
    if (root.kind === 'device' && (visible.has(root.num) || action === 'incident.handle'))
      return visible.has(root.num);
    if (root.kind === 'device' || root.kind === 'area') return nums.some(({ num }) => visible.has(num));
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

  /** Incidents as this person sees them: the devices that he may not see are neither named nor counted. */
  async function present(viewer: Viewer, known: readonly Known[]): Promise<Incident[]> {
    const roots = known.flatMap(({ row }) => (row.root.kind === 'device' ? [row.root.num] : []));
    const named = new Map((await devices.summaries(roots, health)).map((device) => [device.num, device]));
    const visible = gate.visible(viewer, 'incident.view');
    const subjectOf = ({ root }: IncidentRow): IncidentSubject => {
      switch (root.kind) {
        case 'device': {
          const device = named.get(root.num);
          if (device && !visible.has(root.num)) return { kind: 'upstream' };
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
          return { kind: 'hub' };
      }
    };
    const exceededOf = ({ root, cause, clearedAt, resolvedAt }: IncidentRow) =>
      root.kind === 'device' && visible.has(root.num) && cause === 'degraded' && !(clearedAt ?? resolvedAt)
        ? health.exceeded(root.num)
        : [];
    return known.map(({ row, nums }) => {
      const mine = nums.filter(({ num }) => visible.has(num));
      const down = mine.filter(({ until }) => until === null);
      const districts = new Set(
        (down.length > 0 ? down : mine).flatMap(({ num }) => devices.byNum(num)?.districtId ?? []),
      );
      const { id, cause, severity, reason, openedAt, clearedAt, resolvedAt, foundAtStart } = row;
      return {
        ...{ id, cause, severity, reason, openedAt, clearedAt, resolvedAt, foundAtStart },
        since: mine.reduce((earliest, { since }) => Math.min(earliest, since), openedAt),
        subject: subjectOf(row),
        exceeded: exceededOf(row),
        taken: row.taken,
        mutedUntil: row.mutedUntil,
        ...{ affected: { now: down.length, ever: mine.length }, districts: districts.size },
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

  /** @throws AppError `not-found`, also for one that the person may not see */
  async function need(viewer: Viewer, id: string): Promise<Known> {
    const row = await incidents.find(id);
    const known = row && (await knownOf(row));
    // Who may not see it does not learn that it exists.
    if (!known || !sees(viewer, known, 'incident.view')) throw notFound('incident', id);
    return known;
  }

  return { sees, concerns, present, knownOf, need };
}

export type IncidentSight = ReturnType<typeof createIncidentSight>;
