import type { Kysely } from 'kysely';
import type { Clock } from './base/clock.ts';
import type { Logger } from './base/logging.ts';
import { createCommandedTimes } from './commands/past-outages.ts';
import type { DeviceStore } from './devices/types.ts';
import { createHealthPast } from './health/past.ts';
import { createTimelineEvents } from './health/timeline-events.ts';
import type { HealthView } from './health/types.ts';
import { createOutagesByParent } from './incidents/past-outages.ts';
import { createReports } from './reports/availability-report.ts';
import { createReckoner } from './reports/reckoner.ts';
import { createAvailabilityShares } from './reports/shares.ts';
import type { Database } from './storage/tables.ts';

/** What is told of the past: availability, reckoned from what health, incidents and commands kept, and its events. */
export function createReporting({
  db,
  clock,
  log,
  devices,
  health,
}: {
  db: Kysely<Database>;
  clock: Clock;
  log: Logger;
  devices: DeviceStore;
  health: Pick<HealthView, 'latest'>;
}) {
  const reckoner = createReckoner({
    past: createHealthPast(db, clock),
    outagesByParent: createOutagesByParent(db, clock),
    commanded: createCommandedTimes(db, clock),
    heartbeatOf: (num) => health.latest({ num }).heartbeatMs,
    devices,
  });
  return {
    reports: createReports({ clock, devices, reckoner }),
    shares: createAvailabilityShares({ clock, log, devices, reckoner }),
    timelineEvents: createTimelineEvents(db),
  };
}
