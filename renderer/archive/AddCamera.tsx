import { ActionIcon, Popover, Tooltip } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './archive.module.css';
import { MOST_CAMERAS } from './archive-address.ts';
import { CameraPicker } from './CameraPicker.tsx';

interface AddCameraProps {
  cameraIds: readonly string[];
  onAdd: (cameraId: string) => void;
}

/** Puts another camera on the same timeline. */
export function AddCamera({ cameraIds, onAdd }: AddCameraProps) {
  const { t } = useTranslation('archive');
  const [opened, setOpened] = useState(false);
  const full = cameraIds.length >= MOST_CAMERAS;
  const label = full ? t('cameras-full', { count: MOST_CAMERAS }) : t('camera-add');
  return (
    <Popover opened={opened} onChange={setOpened} width={340} position="bottom-start" trapFocus shadow="md">
      <Popover.Target>
        <Tooltip label={label} disabled={opened}>
          <ActionIcon
            variant="default"
            size={36}
            className={classes.besideField}
            aria-label={label}
            disabled={full}
            onClick={() => setOpened(!opened)}
            data-testid="add-camera"
          >
            <IconPlus size={18} aria-hidden />
          </ActionIcon>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown>
        <CameraPicker
          cameraId=""
          inPopover
          onPick={(id) => {
            setOpened(false);
            onAdd(id);
          }}
        />
      </Popover.Dropdown>
    </Popover>
  );
}
