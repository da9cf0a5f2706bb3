import type { IncidentCause } from '../contract/incidents.ts';
import type { Commanded, IncidentStep, OpenIncident, Root } from './engine-types.ts';

function rootKey(root: Root): string {
  switch (root.kind) {
    case 'device':
      return `device ${root.num}`;
    case 'area':
      return `area ${root.area}`;
    case 'disk':
      return `disk ${root.name}`;
    case 'hub':
      return `hub ${root.part}`;
  }
}

/** The incidents that are open, who is down in which, and what changed since the steps were taken last. */
export function createIncidentBook(newId: () => string) {
  const open = new Map<string, OpenIncident>();
  /** The incident in which a device is down now. */
  const memberOf = new Map<number, string>();
  const byRoot = new Map<string, string>();
  let steps: IncidentStep[] = [];

  const incidentOf = (num: number): OpenIncident | undefined => open.get(memberOf.get(num) ?? '');

  function clearIfOver(incident: OpenIncident, at: number): void {
    if (incident.clearedAt !== null || [...incident.members.values()].some(({ until }) => until === null))
      return;
    incident.clearedAt = at;
    steps.push({ step: 'clear', incidentId: incident.id, at });
  }

  function leave(num: number, at: number): OpenIncident | undefined {
    const incident = incidentOf(num);
    const member = incident?.members.get(num);
    if (!incident || !member) return undefined;
    member.until = at;
    memberOf.delete(num);
    steps.push({ step: 'leave', incidentId: incident.id, num, at });
    clearIfOver(incident, at);
    return incident;
  }

  function returns(incident: OpenIncident, at: number): void {
    if (incident.clearedAt === null) return;
    incident.clearedAt = null;
    steps.push({ step: 'return', incidentId: incident.id, at });
  }

  function join(incident: OpenIncident, num: number, since: number): void {
    const before = incidentOf(num);
    if (before === incident) return;
    if (before) leave(num, since);
    incident.members.set(num, { since, until: null });
    memberOf.set(num, incident.id);
    steps.push({ step: 'join', incidentId: incident.id, num, since });
    returns(incident, since);
  }

  function forget(incident: OpenIncident): void {
    open.delete(incident.id);
    if (byRoot.get(rootKey(incident.root)) === incident.id) byRoot.delete(rootKey(incident.root));
    for (const num of incident.members.keys()) if (memberOf.get(num) === incident.id) memberOf.delete(num);
  }

  return {
    restore(incidents: readonly OpenIncident[]): void {
      for (const incident of incidents) {
        open.set(incident.id, incident);
        const key = rootKey(incident.root);
        if (!byRoot.has(key)) byRoot.set(key, incident.id);
        for (const [num, { until }] of incident.members) if (until === null) memberOf.set(num, incident.id);
      }
    },
    begin(root: Root, cause: IncidentCause, reason: string, at: number, foundAtStart: boolean): OpenIncident {
      const incident: OpenIncident = {
        ...{ id: newId(), cause, root, reason, foundAtStart, openedAt: at, clearedAt: null, taken: false },
        members: new Map(),
      };
      open.set(incident.id, incident);
      byRoot.set(rootKey(root), incident.id);
      steps.push({ step: 'open', incident });
      return incident;
    },
    join,
    /** @returns the incident that the device was part of */
    leave,
    returns,
    clearIfOver,
    /** It came of a command that did not end well. */
    blame(incident: OpenIncident, command: Commanded): void {
      steps.push({ step: 'commanded', incidentId: incident.id, command });
    },
    /** Takes an incident into one that explains it. */
    absorb(incident: OpenIncident, into: OpenIncident, at: number): void {
      const down = [...incident.members].filter(([, { until }]) => until === null);
      forget(incident);
      steps.push({ step: 'absorb', incidentId: incident.id, into: into.id, at });
      for (const [num, { since }] of down) join(into, num, since);
    },
    close(incident: OpenIncident, at: number): void {
      forget(incident);
      steps.push({ step: 'close', incidentId: incident.id, at });
    },
    forget,
    get: (id: string): OpenIncident | undefined => open.get(id),
    all: (): OpenIncident[] => [...open.values()],
    incidentOf,
    rootedAt: (root: Root): OpenIncident | undefined => open.get(byRoot.get(rootKey(root)) ?? ''),
    members: (): number[] => [...memberOf.keys()],
    /** Hands over what was decided, and begins anew. */
    taken(): IncidentStep[] {
      const done = steps;
      steps = [];
      return done;
    },
  };
}

export type IncidentBook = ReturnType<typeof createIncidentBook>;
