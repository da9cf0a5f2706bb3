import type { Bitset } from '../base/bitset.ts';
import { HealthStatuses, type Monitoring } from '../contract/health.ts';
import type { QuarantineEntry } from '../contract/quarantine.ts';
import { type Columns, DEFAULT_HEARTBEAT_MS, known, NEVER_SEEN } from './columns.ts';
import { type Details, noDetails } from './details.ts';
import { STREAM_LOST, STREAM_OK } from './evidence.ts';
import type { Ledger } from './ledger.ts';
import { maskedMac } from './macs.ts';
import type { Quarantine } from './quarantine/quarantine.ts';
import { reasonAt } from './shown.ts';
import type { HealthStore } from './store.ts';
import type { Exceeded } from './thresholds.ts';
import type { Tracker } from './tracker.ts';
import type { HealthView } from './types.ts';

const CHANGES_SHOWN = 50;
const EVENTS_SHOWN = 100;

/** The room's face to others: reads columns and details, asks the store only for history. */
export function createHealthView(options: {
  columns: Columns;
  tracker: Pick<Tracker, 'details' | 'olderSession'>;
  ledger: Pick<Ledger, 'pendingChanges' | 'flush'>;
  store: Pick<HealthStore, 'changes' | 'events'>;
  quarantine: Pick<Quarantine, 'of' | 'unstored'>;
  /** What is stored of one device's quarantine. */
  quarantineOf(num: number): Promise<QuarantineEntry[]>;
  /** UTC ms since when a device's status is only the last one known; null when it is known. */
  blindSince(num: number): number | null;
  streamSeen(cameraId: string, ok: boolean): void;
  gatewayOf(num: number): number | undefined;
  gatewayLostSince(num: number): number | null;
  exceeded(num: number): Exceeded[];
  onlyForeign(num: number): boolean;
  pictureSeen: HealthView['pictureSeen'];
  monitoring(visible: Bitset | null): Monitoring;
}): HealthView {
  const { columns, tracker, ledger, store, quarantine } = options;

  const exceeded = (num: number) =>
    options
      .exceeded(num)
      .map(({ threshold: { metric, side, clear }, value }) => ({ metric, value, side, clear }));
  const statusAt = (num: number) => HealthStatuses[columns.status[num] ?? NEVER_SEEN] ?? 'never-seen';

  return {
    statusOf: (num) => ({ status: statusAt(num), since: known(columns.since[num]) }),
    conditionOf: (num) => ({
      status: statusAt(num),
      reason: reasonAt(columns.reason[num]),
      since: known(columns.since[num]),
      base: HealthStatuses[columns.base[num] ?? NEVER_SEEN] ?? 'never-seen',
      heard:
        (columns.heardAt[num] ?? Number.NEGATIVE_INFINITY) > Number.NEGATIVE_INFINITY ||
        ((columns.flags[num] ?? 0) & (STREAM_OK | STREAM_LOST)) !== 0,
    }),
    latest({ num }) {
      let details: Details | undefined;
      return {
        status: statusAt(num),
        base: HealthStatuses[columns.base[num] ?? NEVER_SEEN] ?? 'never-seen',
        unknownSince: options.blindSince(num),
        lastSeenAt: known(columns.lastRxAt[num]),
        session: known(columns.session[num]),
        skewMs: known(columns.skewMs[num]),
        heartbeatMs: columns.heartbeatMs[num] ?? DEFAULT_HEARTBEAT_MS,
        onlyForeign: options.onlyForeign(num),
        // Of most devices they are read from their message: only where somebody looks at them.
        get details() {
          details ??= tracker.details(num) ?? noDetails;
          return details;
        },
      };
    },
    exceeded,
    statusIndexOf: (num) => columns.status[num] ?? NEVER_SEEN,
    async health({ num, id }, showMacs) {
      // What waits in memory and what is stored, without a gap or a repetition between them.
      const pending = ledger.pendingChanges(num);
      const stored = await store.changes(num, CHANGES_SHOWN);
      const newest = stored[0]?.at ?? 0;
      const changes = [...pending.filter((change) => change.at > newest), ...stored]
        // Newest first: a change beneath the status shown repeats it.
        .filter((change, index, all) => change.status !== all[index + 1]?.status)
        .slice(0, CHANGES_SHOWN);
      const { counters: _counters, reportedAt: _reportedAt, ...details } = tracker.details(num) ?? noDetails;
      const broken = quarantine.of(num);
      return {
        id,
        status: statusAt(num),
        since: known(columns.since[num]),
        reason: reasonAt(columns.reason[num]),
        unknownSince: options.blindSince(num),
        lastSeenAt: known(columns.lastRxAt[num]),
        skewMs: known(columns.skewMs[num]),
        session: known(columns.session[num]),
        olderSession: tracker.olderSession(num),
        ...details,
        clients: showMacs
          ? details.clients
          : details.clients.map((client) => ({ ...client, mac: maskedMac(client.mac) })),
        exceeded: exceeded(num),
        malformed: {
          count: broken?.count ?? 0,
          lastReason: broken?.lastReason ?? null,
          lastAt: broken?.lastAt ?? null,
        },
        changes: changes.map(({ at, status, reason }) => ({ at, status, reason })),
      };
    },
    accessPointSummary({ num }) {
      const { firmware, configId, uptimeS, clientCount, radios } = tracker.details(num) ?? noDetails;
      const busiest = radios.flatMap((radio) => radio.utilisation ?? []);
      const noise = radios.flatMap((radio) => radio.noiseDbm ?? []);
      return {
        status: statusAt(num),
        since: known(columns.since[num]),
        reason: reasonAt(columns.reason[num]),
        lastSeenAt: known(columns.lastRxAt[num]),
        firmware,
        configId,
        uptimeS,
        clients: clientCount,
        utilisation: busiest.length > 0 ? Math.max(...busiest) : null,
        noiseDbm: noise.length > 0 ? Math.max(...noise) : null,
        channels: radios.map((radio) => `${radio.band}:${radio.channel}`).join(' '),
        radios: radios.map(({ band, channel, widthMHz, txPowerDbm }) => ({
          ...{ band, channel, widthMHz, txPowerDbm },
        })),
      };
    },
    gatewayOf(num) {
      const gateway = options.gatewayOf(num);
      return gateway === undefined ? null : { num: gateway, goneSince: options.gatewayLostSince(num) };
    },
    monitoring: () => options.monitoring(null),
    monitoringOf: (visible) => options.monitoring(visible),
    async quarantine({ num }) {
      const unstored = quarantine.unstored(num);
      const stored = await options.quarantineOf(num);
      const newer = new Set(unstored.map(({ tongue, reason }) => `${tongue} ${reason}`));
      return {
        count: quarantine.of(num)?.count ?? 0,
        entries: [
          ...unstored,
          ...stored.filter(({ tongue, reason }) => !newer.has(`${tongue} ${reason}`)),
        ].sort((a, b) => b.lastAt - a.lastAt),
      };
    },
    async events({ num }) {
      await ledger.flush();
      return store.events(num, EVENTS_SHOWN);
    },
    streamSeen(cameraId, { ok }) {
      options.streamSeen(cameraId, ok);
    },
    pictureSeen: options.pictureSeen,
  };
}
