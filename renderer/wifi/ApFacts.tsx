import { Anchor, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { Device } from '../../main/contract/device.ts';
import type { DeviceHealth } from '../../main/contract/health.ts';
import { Ago } from '../ui/DateTime.tsx';
import { useFormat } from '../ui/useFormat.ts';
import classes from './wifi.module.css';

/** A device clock that is off by more than this is worth a line, ms. */
const SKEW_SHOWN_MS = 30_000;

/** What the point is and how it does. What it never said is left out. */
export function ApFacts({ device, health }: { device: Device; health: DeviceHealth }) {
  const { t } = useTranslation('wifi');
  const format = useFormat();
  const { memory, uplink } = health;
  const parent = uplink?.parentId ?? device.parentId;
  const facts: { name: string; value: ReactNode }[] = [
    { name: t('card.model'), value: device.model },
    { name: t('card.serial'), value: device.serial },
    { name: t('card.mac'), value: device.mac },
    { name: t('card.owner'), value: device.owner },
    { name: t('column.contractor'), value: device.contractor },
    { name: t('card.firmware'), value: health.firmware },
    { name: t('card.config'), value: health.configId },
    {
      name: t('card.uptime'),
      value: health.uptimeS === null ? null : format.duration(health.uptimeS * 1000),
    },
    { name: t('card.last-seen'), value: health.lastSeenAt === null ? null : <Ago at={health.lastSeenAt} /> },
    { name: t('card.cpu'), value: health.cpuPct === null ? null : format.percent(health.cpuPct / 100) },
    {
      name: t('card.memory'),
      value: memory && memory.totalB > 0 ? format.percent(1 - memory.freeB / memory.totalB) : null,
    },
    {
      name: t('card.uplink'),
      value: parent && (
        <>
          <Anchor
            component={Link}
            inherit
            underline="always"
            href={`/map?device=${encodeURIComponent(parent)}`}
            title={parent}
          >
            {health.names[parent] ?? parent}
          </Anchor>
          {uplink?.port && `, ${t('card.uplink-port', { port: uplink.port })}`}
          {uplink?.mbps != null && `, ${t('card.uplink-speed', { speed: format.number(uplink.mbps) })}`}
        </>
      ),
    },
    {
      name: t('card.skew'),
      value:
        health.skewMs !== null &&
        Math.abs(health.skewMs) > SKEW_SHOWN_MS &&
        t(health.skewMs > 0 ? 'card.clock-ahead' : 'card.clock-behind', {
          by: format.duration(Math.abs(health.skewMs)),
        }),
    },
  ];
  return (
    <section data-testid="ap-facts">
      <Title order={2} size="h4" mb={6}>
        {t('card.facts')}
      </Title>
      <dl className={classes.facts}>
        {facts
          .filter(({ value }) => value !== null && value !== '' && value !== false)
          .map(({ name, value }) => (
            <div key={name} style={{ display: 'contents' }}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
    </section>
  );
}
