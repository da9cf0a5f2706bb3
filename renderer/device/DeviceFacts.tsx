import { Anchor } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Device } from '../../main/contract/device.ts';
import type { DeviceHealth } from '../../main/contract/health.ts';
import { useAreas, useGroups } from '../hub/devices.ts';
import { useLanguage } from '../i18n/useLanguage.ts';
import { Ago } from '../ui/DateTime.tsx';
import { useFormat } from '../ui/useFormat.ts';
import { Facts } from './Facts.tsx';

/** Beyond this a device's clock is off, ms. */
const SKEW_SHOWN_MS = 30_000;

interface DeviceFactsProps {
  device: Device;
  health: DeviceHealth | undefined;
  onOpen: (id: string) => void;
}

/** What the device is, and how it does, whatever its kind. */
export function DeviceFacts({ device, health, onOpen }: DeviceFactsProps) {
  const { t } = useTranslation('devices');
  const format = useFormat();
  const { language } = useLanguage();
  const areas = useAreas();
  const groups = useGroups();
  const area = (id: string) => {
    const known = areas.data?.find((one) => one.id === id);
    return known ? (language === 'ru' ? known.nameRu : known.nameEn) : id;
  };
  const { parentId } = device;
  const above = health?.uplink;
  const uplink = [
    above &&
      above.parentId !== null &&
      above.parentId !== parentId &&
      (health.names[above.parentId] ?? above.parentId),
    above?.port && t('uplink-port', { port: above.port }),
    above?.mbps != null && t('mbps', { mbps: format.number(above.mbps) }),
  ]
    .filter(Boolean)
    .join(', ');
  return (
    <>
      <Facts
        title={t('health')}
        facts={[
          { name: t('last-seen'), value: health?.lastSeenAt != null && <Ago at={health.lastSeenAt} /> },
          {
            name: t('uptime'),
            value: health?.uptimeS != null && format.duration(health.uptimeS * 1000),
          },
          { name: t('firmware'), value: health?.firmware },
          { name: t('cpu'), value: health?.cpuPct != null && format.percent(health.cpuPct / 100) },
          {
            name: t('memory'),
            value:
              health?.memory &&
              t('free-of', {
                free: format.bytes(health.memory.freeB),
                total: format.bytes(health.memory.totalB),
              }),
          },
          {
            name: t('uplink'),
            value: uplink !== '' && <span title={above?.parentId ?? undefined}>{uplink}</span>,
          },
          {
            name: t('clock'),
            value:
              health?.skewMs != null &&
              Math.abs(health.skewMs) > SKEW_SHOWN_MS &&
              t(health.skewMs > 0 ? 'clock-ahead' : 'clock-behind', {
                by: format.duration(Math.abs(health.skewMs)),
              }),
          },
        ]}
      />
      <Facts
        title={t('about')}
        facts={[
          { name: t('address'), value: device.address },
          { name: t('area'), value: `${area(device.districtId)}, ${area(device.okrugId)}` },
          { name: t('owner'), value: device.owner },
          { name: t('contractor'), value: device.contractor },
          {
            name: t('parent'),
            value: parentId !== null && (
              <Anchor
                component="button"
                type="button"
                inherit
                title={parentId}
                onClick={() => onOpen(parentId)}
              >
                {health?.names[parentId] ?? parentId}
              </Anchor>
            ),
          },
          {
            name: t('groups'),
            value: device.groupIds
              .map((id) => groups.data?.find((group) => group.id === id)?.name ?? id)
              .join(', '),
          },
          { name: t('model'), value: device.model },
          { name: t('serial'), value: device.serial },
          { name: t('mac'), value: device.mac },
          {
            name: t('retention'),
            value:
              device.kind === 'camera' &&
              (device.recorded
                ? device.retentionDays === null
                  ? t('retention-default')
                  : t('days', { count: device.retentionDays })
                : t('not-recorded')),
          },
        ]}
      />
    </>
  );
}
