import { Checkbox, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ExportEstimate } from '../../main/contract/export.ts';
import { useFormat } from '../ui/useFormat.ts';

type Camera = ExportEstimate['cameras'][number];

interface CameraChoiceProps {
  cameras: readonly Camera[];
  kind: 'marked' | 'original';
  /** Ids of cameras that are left out. */
  left: readonly string[];
  onLeft(ids: readonly string[]): void;
  error?: string | undefined;
}

/** The cameras of the range with what each recorded; one that may not be had, or has nothing, says so. */
export function CameraChoice({ cameras, kind, left, onLeft, error }: CameraChoiceProps) {
  const { t } = useTranslation('export');
  const format = useFormat();
  const told = ({ may, footageMs, missingMs, gaps }: Camera): string => {
    if (!may.marked) return t('camera-refused');
    if (!may[kind]) return t('camera-refused-original');
    if (footageMs === 0) return t('camera-empty');
    const recorded = t('camera-footage', { length: format.duration(footageMs) });
    return gaps === 0
      ? recorded
      : `${recorded}, ${t('camera-missing', { count: gaps, length: format.duration(missingMs) })}`;
  };
  const chosen = cameras
    .filter(({ cameraId, may, footageMs }) => may[kind] && footageMs > 0 && !left.includes(cameraId))
    .map(({ cameraId }) => cameraId);
  return (
    <Checkbox.Group
      label={t('cameras')}
      error={error}
      value={chosen}
      onChange={(ids) =>
        onLeft(cameras.map(({ cameraId }) => cameraId).filter((cameraId) => !ids.includes(cameraId)))
      }
    >
      <Stack gap={6} mt={4}>
        {cameras.map((camera) => (
          <Checkbox
            key={camera.cameraId}
            value={camera.cameraId}
            label={camera.name}
            description={told(camera)}
            disabled={!camera.may[kind] || camera.footageMs === 0}
          />
        ))}
      </Stack>
    </Checkbox.Group>
  );
}
