import type { AuditLog } from './audit/types.ts';
import type { Clock } from './base/clock.ts';
import type { EventBus } from './base/event-bus.ts';
import type { Lifecycle } from './base/lifecycle.ts';
import type { Logger } from './base/logging.ts';
import type { HubConfig } from './config.ts';
import type { HubEvents } from './contract/hub-events.ts';
import type { DeviceStore } from './devices/types.ts';
import type { Health } from './health/health.ts';
import { createIncidents } from './incidents/incidents.ts';
import { createMaintenance } from './incidents/maintenance.ts';
import { noticeIncident } from './notice-incident.ts';
import { createNotify } from './notify/notify.ts';
import { notifyChannels } from './notify-channels.ts';
import type { Storage } from './storage/database.ts';

type IncidentsOptions = Parameters<typeof createIncidents>[0];

/** Starts what makes incidents of what health says, what keeps them silent for a while, and what sends them out. */
export async function startTroubles(
  running: Lifecycle,
  options: {
    config: HubConfig;
    db: Storage['db'];
    clock: Clock;
    bus: EventBus<HubEvents>;
    log: Logger;
    audit: AuditLog;
    devices: DeviceStore;
    health: Health;
    commandedAt: IncidentsOptions['commandedAt'];
  },
) {
  const { config, db, clock, bus, log, audit, devices, health, commandedAt } = options;
  const incidents = running.own(
    'incidents',
    await createIncidents({ db, clock, bus, log, audit, devices, health, commandedAt }),
  );
  const maintenance = running.own(
    'maintenance',
    await createMaintenance({ db, clock, bus, log, audit, devices, health }),
  );
  const noticeOf = noticeIncident(
    incidents,
    devices,
    health,
    config.notify.email?.language ?? 'ru',
    clock.now,
  );
  const notices = running.own(
    'notices',
    createNotify({
      ...{ db, clock, bus, log, channels: notifyChannels(config, clock), incident: noticeOf },
      givenUp: (trx, subject, ids, problem) =>
        audit.append(trx, {
          ...{ kind: 'notice.given-up', person: null, from: '', subject },
          data: { incidents: ids.slice(0, 100), count: ids.length, problem },
        }),
      open: () => incidents.open().map(({ row }) => row),
    }),
  );
  return { incidents, maintenance, notices };
}
