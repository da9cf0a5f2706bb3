import { ActionIcon, Button, Menu, Text, Tooltip } from '@mantine/core';
import {
  IconArrowBackUp,
  IconChevronLeft,
  IconChevronRight,
  IconCopy,
  IconDeviceFloppy,
  IconDots,
  IconKeyboard,
  IconLink,
  IconMaximize,
  IconPencil,
  IconTrash,
  IconVideoPlus,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Wall, WallSize } from '../../main/contract/wall.ts';
import { useOpenKeys } from '../keys/KeysProvider.tsx';
import { LayoutPicker } from './LayoutPicker.tsx';
import { ScreenButton } from './ScreenButton.tsx';
import { WallMenu } from './WallMenu.tsx';
import classes from './wall.module.css';

export interface WallBarProps {
  wallId: string;
  /** Null for a wall that is not saved yet. */
  saved: Wall | null;
  name: string;
  dirty: boolean;
  saving: boolean;
  layout: WallSize | 'free';
  freeDisabled: boolean;
  page: number;
  pages: number;
  side: boolean;
  tourMenu: ReactNode;
  /** In place of the pages while a tour runs. */
  tourState: ReactNode;
  screenPath: () => string;
  onNew: () => void;
  onLayout: (layout: WallSize | 'free') => void;
  onPage: (by: 1 | -1) => void;
  onSide: () => void;
  onSave: () => void;
  onCopy: () => void;
  onRename: () => void;
  onRemove: () => void;
  onDiscard: () => void;
  onLink: () => void;
  onFullscreen: () => void;
}

/** Everything about the wall that is not a picture, in one row. */
export function WallBar(props: WallBarProps) {
  const { t } = useTranslation(['wall', 'keys']);
  const { saved, pages, page } = props;
  const openKeys = useOpenKeys();
  return (
    <div className={classes.bar} role="toolbar" aria-label={t('bar')}>
      <WallMenu wallId={props.wallId} name={props.name} dirty={props.dirty} onNew={props.onNew} />
      {(props.dirty || saved === null) && (
        <Button
          size="xs"
          variant={props.dirty ? 'filled' : 'default'}
          leftSection={<IconDeviceFloppy size={15} aria-hidden />}
          loading={props.saving}
          onClick={props.onSave}
        >
          {saved && !saved.mine ? t('save.copy') : t('save.do')}
        </Button>
      )}
      <LayoutPicker value={props.layout} freeDisabled={props.freeDisabled} onChange={props.onLayout} />
      {props.tourState
        ? props.tourState
        : pages > 1 && (
            <ActionIcon.Group aria-label={t('page.title')}>
              <ActionIcon
                variant="default"
                size={30}
                aria-label={t('page.before')}
                onClick={() => props.onPage(-1)}
              >
                <IconChevronLeft size={16} />
              </ActionIcon>
              <ActionIcon.GroupSection variant="default" size="xs" bg="transparent">
                <Text size="xs" className="tabular" role="status">
                  {t('page.at', { page: page + 1, pages })}
                </Text>
              </ActionIcon.GroupSection>
              <ActionIcon
                variant="default"
                size={30}
                aria-label={t('page.after')}
                onClick={() => props.onPage(1)}
              >
                <IconChevronRight size={16} />
              </ActionIcon>
            </ActionIcon.Group>
          )}
      {props.tourMenu}
      <span className={classes.grow} />
      <Button
        size="xs"
        variant={props.side ? 'light' : 'default'}
        aria-pressed={props.side}
        leftSection={<IconVideoPlus size={15} aria-hidden />}
        onClick={props.onSide}
      >
        {t('cameras.title')}
      </Button>
      <ScreenButton path={props.screenPath} />
      <Tooltip label={t('fullscreen')}>
        <ActionIcon variant="default" size={30} aria-label={t('fullscreen')} onClick={props.onFullscreen}>
          <IconMaximize size={17} />
        </ActionIcon>
      </Tooltip>
      <Menu position="bottom-end" shadow="md">
        <Menu.Target>
          <ActionIcon variant="default" size={30} aria-label={t('more')}>
            <IconDots size={17} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconCopy size={16} />} onClick={props.onCopy}>
            {t('save.copy')}
          </Menu.Item>
          {saved?.mine && (
            <Menu.Item leftSection={<IconPencil size={16} />} onClick={props.onRename}>
              {t('save.rename')}
            </Menu.Item>
          )}
          {props.dirty && (
            <Menu.Item leftSection={<IconArrowBackUp size={16} />} onClick={props.onDiscard}>
              {t('save.discard')}
            </Menu.Item>
          )}
          {saved && (
            <Menu.Item leftSection={<IconLink size={16} />} onClick={props.onLink}>
              {t('link')}
            </Menu.Item>
          )}
          <Menu.Item leftSection={<IconKeyboard size={16} />} onClick={openKeys}>
            {t('keys:open')}
          </Menu.Item>
          {saved?.mine && (
            <Menu.Item color="red" leftSection={<IconTrash size={16} />} onClick={props.onRemove}>
              {t('remove.do')}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
    </div>
  );
}
