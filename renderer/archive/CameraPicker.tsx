import { Group, Loader, Select, Stack, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconVideo } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useDevices } from '../hub/devices.ts';
import { StatusIcon } from '../ui/status.tsx';
import { useCamera } from './useCamera.ts';

const SHOWN = 50;

interface CameraPickerProps {
  cameraId: string;
  onPick: (cameraId: string) => void;
  /** Its list must stay inside a popover, or a click in it would close that. */
  inPopover?: boolean;
}

/** Finds one camera among many by name, address or number; the hub searches. */
export function CameraPicker({ cameraId, onPick, inPopover = false }: CameraPickerProps) {
  const { t } = useTranslation('archive');
  const [text, setText] = useState('');
  const [asked] = useDebouncedValue(text, 200);
  const chosen = useCamera(cameraId);
  // The field shows the chosen camera's name: that is not a search.
  const search = asked === chosen.data?.name ? '' : asked;
  const found = useDevices({ kind: 'camera', limit: SHOWN, ...(search ? { q: search } : {}) });
  const items = found.data?.items ?? [];
  const listed =
    chosen.data && !items.some(({ id }) => id === chosen.data.id) ? [chosen.data, ...items] : items;
  return (
    <Select
      style={{ flex: '2 1 260px', minWidth: 200 }}
      label={t('camera')}
      placeholder={t('camera-placeholder')}
      searchable
      searchValue={text}
      onSearchChange={setText}
      value={cameraId || null}
      onChange={(id) => id && onPick(id)}
      data={listed.map(({ id, name }) => ({ value: id, label: name }))}
      filter={({ options }) => options}
      allowDeselect={false}
      comboboxProps={{ withinPortal: !inPopover }}
      nothingFoundMessage={found.isFetching ? <Loader size="xs" /> : t('camera-none')}
      leftSection={<IconVideo size={16} aria-hidden />}
      maxDropdownHeight={340}
      data-testid={inPopover ? 'camera-adder' : 'camera-picker'}
      onFocus={(event) => event.currentTarget.select()}
      renderOption={({ option }) => {
        const camera = listed.find(({ id }) => id === option.value);
        return (
          <Group gap={8} wrap="nowrap" w="100%">
            {camera && <StatusIcon status={camera.status} size={16} />}
            <Stack gap={0} style={{ minWidth: 0 }}>
              <Text size="sm" truncate>
                {option.label}
              </Text>
              <Text size="xs" c="dimmed" truncate>
                {camera?.address || camera?.id}
              </Text>
            </Stack>
          </Group>
        );
      }}
    />
  );
}
