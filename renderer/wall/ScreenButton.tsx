import { ActionIcon, Loader, Menu, Tooltip } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconDeviceDesktop, IconScreenShare } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Answers } from '../../native-bridge/index.ts';
import { useBridge } from '../ui/native.tsx';
import { useErrorText } from '../ui/useErrorText.ts';

type Screens = Answers<'screens'>['screens'];

/** Opens the wall in a window of its own, on a screen of the person's choice where the program knows them. */
export function ScreenButton({ path }: { path: () => string }) {
  const { t } = useTranslation('wall');
  const bridge = useBridge();
  const errorText = useErrorText();
  const [screens, setScreens] = useState<Screens | null>(null);
  const [opened, setOpened] = useState(false);
  const failed = (error: unknown) => notifications.show({ color: 'red', message: errorText(error) });

  const open = async (screenId: string | null) => {
    const answer = await bridge.openWall({ path: path(), screenId });
    if (!answer.opened) notifications.show({ color: 'yellow', message: t('screen.blocked') });
  };
  const ask = async () => {
    setScreens(null);
    setOpened(true);
    const known = (await bridge.screens({})).screens;
    if (known.length > 1) setScreens(known);
    else {
      setOpened(false);
      await open(known[0]?.id ?? null);
    }
  };
  return (
    <Menu opened={opened} onChange={setOpened} position="bottom-end" shadow="md">
      <Menu.Target>
        <Tooltip label={t('screen.open')}>
          <ActionIcon
            variant="default"
            size={30}
            aria-label={t('screen.open')}
            onClick={() => void (opened ? setOpened(false) : ask().catch(failed))}
          >
            <IconScreenShare size={17} />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t('screen.which')}</Menu.Label>
        {screens === null && <Loader size="xs" m="sm" />}
        {screens?.map(({ id, label, width, height, current }, i) => (
          <Menu.Item
            key={id}
            leftSection={<IconDeviceDesktop size={16} />}
            onClick={() => void open(id).catch(failed)}
          >
            {t(current ? 'screen.this' : 'screen.other', {
              name: label || t('screen.number', { number: i + 1 }),
              size: `${width}×${height}`,
            })}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
