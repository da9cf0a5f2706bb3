import { Title, UnstyledButton } from '@mantine/core';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DeviceKind } from '../../main/contract/device.ts';
import { Loading } from '../ui/states.tsx';

const DeviceCharts = lazy(async () => ({ default: (await import('./DeviceCharts.tsx')).DeviceCharts }));

/** Charts behind a heading: neither they nor what draws them is fetched until somebody opens them. */
export function ChartsSection({ deviceId, kind }: { deviceId: string; kind: DeviceKind }) {
  const { t } = useTranslation('charts');
  const [open, setOpen] = useState(false);
  const Chevron = open ? IconChevronDown : IconChevronRight;
  return (
    <section>
      <Title order={3} size="h4" mb={open ? 6 : 0}>
        <UnstyledButton
          aria-expanded={open}
          onClick={() => setOpen(!open)}
          data-testid="charts-open"
          style={{ display: 'flex', alignItems: 'center', gap: 4, font: 'inherit' }}
        >
          <Chevron size={16} aria-hidden />
          {t('title')}
        </UnstyledButton>
      </Title>
      {open && (
        <Suspense fallback={<Loading />}>
          <DeviceCharts deviceId={deviceId} kind={kind} />
        </Suspense>
      )}
    </section>
  );
}
