import type { HealthStatus, StatusReason } from '../contract/health.ts';
import type { IncidentCause, Severity } from '../contract/incidents.ts';
import type { OpenIncident } from './engine-types.ts';
import { isOutage } from './outages.ts';

/** What of a device's status is worth an incident; undefined when nothing is. */
export function causeOf(status: HealthStatus, reason: StatusReason): IncidentCause | undefined {
  switch (status) {
    case 'offline':
      return reason === 'stream-lost' ? 'stream-lost' : 'device-offline';
    case 'flapping':
      return 'flapping';
    case 'bad-data':
      return 'bad-data';
    case 'degraded':
      if (reason === 'stream-lost') return 'stream-lost';
      return reason.startsWith('picture-') ? 'picture' : 'degraded';
    case 'online':
    case 'suspect':
    case 'never-seen':
    case 'maintenance':
      return undefined;
  }
}

/** Causes that a dead parent explains. */
export const explainedByParent = (cause: IncidentCause): boolean =>
  cause === 'device-offline' || cause === 'stream-lost';

/** What hangs on a dead device is gone, and what hangs on one that comes and goes comes and goes with it. */
export const explains = (above: Pick<OpenIncident, 'cause'>, cause: IncidentCause): boolean =>
  above.cause === 'flapping'
    ? explainedByParent(cause) || cause === 'flapping'
    : (above.cause === 'device-offline' || isOutage(above)) && explainedByParent(cause);

/** Devices that one incident takes down before it is critical. */
const MANY = 5;

/** Critical is what wakes somebody: many devices at once, footage that is not kept, a hub that is blind. */
export function severityOf(cause: IncidentCause, members: number): Severity {
  switch (cause) {
    case 'disk':
    case 'monitoring':
    case 'area-outage':
    case 'city-outage':
      return 'critical';
    // Charts miss values, and nothing else is amiss: nobody has to be woken.
    case 'history':
      return 'warning';
    case 'device-offline':
    case 'stream-lost':
      return members >= MANY ? 'critical' : 'warning';
    case 'flapping':
      return members >= MANY ? 'critical' : 'info';
    case 'bad-data':
    case 'degraded':
    case 'picture':
      return 'info';
  }
}
