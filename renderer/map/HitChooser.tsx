import { CloseButton, FocusTrap, Group, Paper, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useSummaries } from '../hub/devices.ts';
import { ErrorState, Loading } from '../ui/states.tsx';
import { DeviceRow } from './DeviceRows.tsx';
import classes from './Map.module.css';

interface HitChooserProps {
  nums: readonly number[];
  x: number;
  y: number;
  onOpen: (id: string) => void;
  onClose: () => void;
}

/** Several devices on one spot, as on a mast: which one? */
export function HitChooser({ nums, x, y, onOpen, onClose }: HitChooserProps) {
  const { t } = useTranslation('map');
  const { data, isError, error, refetch } = useSummaries(nums);
  return (
    <FocusTrap active>
      <Paper
        className={classes.hits}
        shadow="md"
        withBorder
        role="dialog"
        aria-label={t('here')}
        style={{ left: `min(${x}px, calc(100% - 310px))`, top: `min(${y}px, calc(100% - 270px))` }}
        onKeyDown={(event) => {
          if (event.key === 'Escape') onClose();
        }}
      >
        <Group justify="space-between" px={8} py={2}>
          <Text size="sm" fw={600}>
            {t('here')}
          </Text>
          <CloseButton size="sm" onClick={onClose} aria-label={t('close')} />
        </Group>
        {isError && <ErrorState error={error} retry={() => void refetch()} compact />}
        {!data && !isError && <Loading />}
        {data?.map((device) => (
          <DeviceRow key={device.id} device={device} onOpen={onOpen} />
        ))}
      </Paper>
    </FocusTrap>
  );
}
