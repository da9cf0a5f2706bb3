import { ActionIcon, Button, Group, Paper, Stack, Text } from '@mantine/core';
import { IconHistory, IconLayoutGrid, IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { DeviceKinds } from '../../main/contract/device.ts';
import { MOST_CAMERAS, writeAddress } from '../archive/archive-address.ts';
import { useSummaries } from '../hub/devices.ts';
import { useSession } from '../hub/session.tsx';
import { ErrorState, Loading } from '../ui/states.tsx';
import { useFormat } from '../ui/useFormat.ts';
import { newWallPath } from '../wall/wall-address.ts';
import type { Box } from './engine/city-index.ts';
import type { MapEngine } from './engine/engine.ts';
import classes from './Map.module.css';

/** Most cameras that a wall shows at once. */
const WALL_CAMERAS = 25;
const CAMERA = DeviceKinds.indexOf('camera');

interface AreaChoiceProps {
  engine: MapEngine;
  box: Box;
  onClose: () => void;
}

/** What to do with the cameras of a rectangle. */
export function AreaChoice({ engine, box, onClose }: AreaChoiceProps) {
  const { t } = useTranslation(['map', 'common']);
  const format = useFormat();
  const { can } = useSession();
  const found = useQuery({
    queryKey: ['devices', 'in-rectangle', engine.key, box],
    queryFn: () => engine.pick(box, CAMERA, WALL_CAMERAS),
    gcTime: 0,
  });
  const nums = found.data?.devices.map(({ num }) => num) ?? [];
  const total = found.data?.total ?? 0;
  const summaries = useSummaries(nums);
  const byNum = new Map(summaries.data?.map((camera) => [camera.num, camera.id]));
  const ids = nums.flatMap((num) => byNum.get(num) ?? []);
  const forArchive = ids.slice(0, MOST_CAMERAS);
  return (
    <Paper
      className={classes.area}
      withBorder
      shadow="md"
      component="section"
      aria-labelledby="area-title"
      data-testid="area-choice"
    >
      <Stack gap="xs">
        <Group justify="space-between" wrap="nowrap">
          <Text fw={600} size="sm" id="area-title" role="status">
            {found.isPending
              ? t('area.counting')
              : t('area.found', { count: total, shown: format.number(total) })}
          </Text>
          <ActionIcon variant="subtle" color="gray" onClick={onClose} aria-label={t('common:close')}>
            <IconX size={18} />
          </ActionIcon>
        </Group>
        {summaries.isError && (
          <ErrorState error={summaries.error} retry={() => void summaries.refetch()} compact />
        )}
        {nums.length > 0 && summaries.isPending && <Loading />}
        {total === 0 && found.isSuccess && (
          <Text size="xs" c="dimmed">
            {t('area.none')}
          </Text>
        )}
        {ids.length > 0 && (
          <>
            <Group gap="xs">
              {can('video.live') && (
                <Button
                  component={Link}
                  href={newWallPath(ids)}
                  size="xs"
                  leftSection={<IconLayoutGrid size={15} aria-hidden />}
                >
                  {t('area.wall', { count: ids.length })}
                </Button>
              )}
              {can('video.archive') && (
                <Button
                  component={Link}
                  href={writeAddress({ cameraIds: forArchive, at: null })}
                  size="xs"
                  variant="light"
                  leftSection={<IconHistory size={15} aria-hidden />}
                >
                  {t('area.archive', { count: forArchive.length })}
                </Button>
              )}
            </Group>
            {total > WALL_CAMERAS ? (
              <Text size="xs" c="dimmed">
                {t('area.too-many', { wall: WALL_CAMERAS, archive: MOST_CAMERAS })}
              </Text>
            ) : (
              total > MOST_CAMERAS && (
                <Text size="xs" c="dimmed">
                  {t('area.too-many-archive', { archive: MOST_CAMERAS })}
                </Text>
              )
            )}
          </>
        )}
      </Stack>
    </Paper>
  );
}
