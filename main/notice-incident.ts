import type { DeviceStore } from './devices/types.ts';
import type { Health } from './health/health.ts';
import type { Incidents } from './incidents/incidents.ts';
import type { NotifyOptions } from './notify/notify.ts';

/** An incident as people outside the console are told of it. */
export function noticeIncident(
  incidents: Incidents,
  devices: Pick<DeviceStore, 'summaries' | 'areas'>,
  health: Pick<Health, 'statusOf'>,
  language: 'ru' | 'en',
  now: () => number,
): NotifyOptions['incident'] {
  return async (id) => {
    const row = await incidents.find(id);
    if (!row) return undefined;
    const extent = await incidents.extent(id);
    const { root } = row;
    const device = root.kind === 'device' ? (await devices.summaries([root.num], health))[0] : undefined;
    const area = root.kind === 'area' ? devices.areas().find((one) => one.id === root.area) : undefined;
    const name =
      device?.name ??
      (language === 'ru' ? area?.nameRu : area?.nameEn) ??
      (root.kind === 'disk' ? root.name : 'Kalancha');
    return {
      ...{ id, cause: row.cause, severity: row.severity, reason: row.reason },
      subject: {
        ...{ kind: root.kind, id: device?.id ?? area?.id ?? null, name, address: device?.address ?? null },
      },
      since: Math.min(extent.since ?? row.openedAt, row.openedAt),
      openedAt: row.openedAt,
      clearedAt: row.clearedAt ?? row.resolvedAt,
      affected: extent.devices,
      muted: (row.mutedUntil ?? 0) > now(),
      resolved: row.resolvedAt !== null,
    };
  };
}
