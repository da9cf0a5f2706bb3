import { ActionIcon, Loader, ScrollArea, Text, TextInput, Title, UnstyledButton } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconCheck, IconSearch, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useDevices } from '../hub/devices.ts';
import { ErrorState } from '../ui/states.tsx';
import { StatusIcon } from '../ui/status.tsx';
import { useFormat } from '../ui/useFormat.ts';
import classes from './camera-list.module.css';
import { takeCamera } from './drag.ts';

const SHOWN = 60;

interface CameraListProps {
  /** Cameras of this wall: marked, they may stand on it twice. */
  onWall: ReadonlySet<string>;
  /** The tile that a click fills, as a person counts; null for the next empty one. */
  target: number | null;
  onPick: (cameraId: string) => void;
  onClose: () => void;
}

/** Cameras to be put on the wall: by dragging, by a click or a tap, or with the keyboard. */
export function CameraList({ onWall, target, onPick, onClose }: CameraListProps) {
  const { t } = useTranslation(['wall', 'common']);
  const format = useFormat();
  const [typed, setTyped] = useState('');
  const [asked] = useDebouncedValue(typed.trim(), 200);
  const found = useDevices({ kind: 'camera', limit: SHOWN, ...(asked ? { q: asked } : {}) });
  const items = found.data?.items ?? [];
  const total = found.data?.total ?? 0;
  return (
    <aside className={classes.side} aria-labelledby="wall-cameras">
      <header className={classes.head}>
        <Title order={2} size="h4" id="wall-cameras">
          {t('cameras.title')}
        </Title>
        <ActionIcon variant="subtle" color="gray" onClick={onClose} aria-label={t('common:close')}>
          <IconX size={18} />
        </ActionIcon>
      </header>
      <div className={classes.search}>
        <TextInput
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          placeholder={t('cameras.search')}
          aria-label={t('cameras.search')}
          leftSection={<IconSearch size={16} aria-hidden />}
          rightSection={found.isFetching ? <Loader size="xs" /> : null}
        />
        <Text size="xs" c="dimmed" aria-live="polite">
          {target === null ? t('cameras.into-next') : t('cameras.into', { number: target })}
        </Text>
      </div>
      <ScrollArea className={classes.list} type="auto">
        {found.isError && <ErrorState error={found.error} retry={() => void found.refetch()} compact />}
        {items.map((camera) => (
          <UnstyledButton
            key={camera.id}
            className={classes.camera}
            data-camera={camera.id}
            draggable
            onDragStart={(event) => takeCamera(event.dataTransfer, camera.id)}
            onClick={() => onPick(camera.id)}
          >
            <StatusIcon status={camera.status} size={16} />
            <span className={classes.text}>
              <Text size="sm" truncate component="span" display="block">
                {camera.name}
              </Text>
              <Text size="xs" c="dimmed" truncate component="span" display="block">
                {camera.address || camera.id}
              </Text>
            </span>
            {onWall.has(camera.id) && <IconCheck size={16} aria-label={t('cameras.on-wall')} />}
          </UnstyledButton>
        ))}
        {found.isSuccess && total === 0 && (
          <Text size="sm" c="dimmed" p="md" ta="center">
            {t('cameras.none')}
          </Text>
        )}
        {total > items.length && items.length > 0 && (
          <Text size="xs" c="dimmed" p="sm" ta="center">
            {t('cameras.more', { shown: items.length, total: format.number(total) })}
          </Text>
        )}
      </ScrollArea>
    </aside>
  );
}
