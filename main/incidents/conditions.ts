import type { HealthStatus, StatusReason } from '../contract/health.ts';
import type { IncidentCause, Severity } from '../contract/incidents.ts';

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
    case 'bad-data':
    case 'degraded':
    case 'picture':
      return 'info';
  }
}
