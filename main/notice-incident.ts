import type { DeviceStore } from './devices/types.ts';
import type { Health } from './health/health.ts';
import { WHOLE_CITY } from './incidents/clusters.ts';
import type { Incidents } from './incidents/incidents.ts';
import type { IncidentRow } from './incidents/store.ts';
import type { NotifyOptions } from './notify/notify.ts';
import type { NoticeIncident } from './notify/types.ts';

const MANY_DISTRICTS = { ru: 'Много районов сразу', en: 'Many districts at once' };

/** An incident as people outside the console are told of it. */
export function noticeIncident(
  incidents: Pick<Incidents, 'find' | 'extent' | 'notes'>,
  devices: Pick<DeviceStore, 'summaries' | 'areas'>,
  health: Pick<Health, 'statusOf' | 'exceeded'>,
  language: 'ru' | 'en',
  now: () => number,
): NotifyOptions['incident'] {
  async function subjectOf(root: IncidentRow['root']): Promise<NoticeIncident['subject']> {
    const device = root.kind === 'device' ? (await devices.summaries([root.num], health))[0] : undefined;
    const area = root.kind === 'area' ? devices.areas().find((one) => one.id === root.area) : undefined;
    const many = root.kind === 'area' && root.area === WHOLE_CITY;
    const name =
      (many ? MANY_DISTRICTS[language] : device?.name) ??
      (language === 'ru' ? area?.nameRu : area?.nameEn) ??
      (root.kind === 'disk' ? root.name : 'Kalancha');
    return {
      kind: many ? 'city' : root.kind,
      id: device?.id ?? area?.id ?? null,
      name,
      address: device?.address ?? null,
    };
  }

  /** The incident that took this one in, when its cause was found. */
  async function partOf({ id, resolvedAt }: IncidentRow): Promise<NoticeIncident['partOf']> {
    if (resolvedAt === null) return null;
    const taken = (await incidents.notes(id)).findLast(({ kind }) => kind === 'absorbed');
    const whole = taken && (await incidents.find(taken.text));
    return whole ? { id: whole.id, name: (await subjectOf(whole.root)).name } : null;
  }

  return async (id) => {
    const row = await incidents.find(id);
    if (!row) return undefined;
    const extent = await incidents.extent(id);
    return {
      ...{ id, cause: row.cause, severity: row.severity, reason: row.reason },
      subject: await subjectOf(row.root),
      exceeded:
        row.root.kind === 'device' &&
        row.cause === 'degraded' &&
        row.clearedAt === null &&
        row.resolvedAt === null
          ? health.exceeded(row.root.num)
          : [],
      since: Math.min(extent.since ?? row.openedAt, row.openedAt),
      openedAt: row.openedAt,
      clearedAt: row.clearedAt ?? row.resolvedAt,
      partOf: await partOf(row),
      affected: extent.devices,
      muted: (row.mutedUntil ?? 0) > now(),
      resolved: row.resolvedAt !== null,
    };
  };
}
