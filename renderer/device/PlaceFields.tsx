import { Group, NumberInput, Stack, Text } from '@mantine/core';
import { IconHandClick } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { PlaceDraft } from './device-form.ts';

interface PlaceFieldsProps {
  place: PlaceDraft | null;
  onPlace: (place: PlaceDraft) => void;
  /** Cameras look somewhere. */
  withAzimuth: boolean;
  fault: string | undefined;
}

const numberOf = (value: string | number): number | null =>
  typeof value === 'number' && Number.isFinite(value) ? value : null;

/** Clicked on the map, or typed. */
export function PlaceFields({ place, onPlace, withAzimuth, fault }: PlaceFieldsProps) {
  const { t } = useTranslation('devices');
  const set = (part: Partial<PlaceDraft>) =>
    onPlace({ lat: place?.lat ?? 0, lon: place?.lon ?? 0, azimuthDeg: place?.azimuthDeg ?? null, ...part });
  return (
    <Stack gap={6}>
      <Group gap={6} wrap="nowrap" align="flex-start">
        <IconHandClick size={18} aria-hidden style={{ flex: 'none' }} />
        <Text size="sm">{place ? t('place-again') : t('place-first')}</Text>
      </Group>
      <Group grow align="flex-start" gap="xs">
        <NumberInput
          label={t('lat')}
          value={place?.lat ?? ''}
          onChange={(value) => {
            const lat = numberOf(value);
            if (lat !== null) set({ lat });
          }}
          min={-90}
          max={90}
          decimalScale={6}
          step={0.0001}
          hideControls
          error={fault}
        />
        <NumberInput
          label={t('lon')}
          value={place?.lon ?? ''}
          onChange={(value) => {
            const lon = numberOf(value);
            if (lon !== null) set({ lon });
          }}
          min={-180}
          max={180}
          decimalScale={6}
          step={0.0001}
          hideControls
        />
        {withAzimuth && (
          <NumberInput
            label={t('azimuth')}
            value={place?.azimuthDeg ?? ''}
            onChange={(value) => set({ azimuthDeg: numberOf(value) })}
            min={0}
            max={360}
            step={15}
            suffix="°"
          />
        )}
      </Group>
    </Stack>
  );
}
