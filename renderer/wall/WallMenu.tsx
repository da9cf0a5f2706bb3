import { Button, Loader, Menu, ScrollArea, Text } from '@mantine/core';
import { IconChevronDown, IconLayoutGrid, IconPlus, IconUsers } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { WallSummary } from '../../main/contract/wall.ts';
import { ErrorState } from '../ui/states.tsx';
import { useWalls } from './useWalls.ts';
import classes from './wall.module.css';
import { NEW_WALL, wallPath } from './wall-address.ts';

interface WallMenuProps {
  wallId: string;
  name: string;
  dirty: boolean;
  /** Leaves whatever is on the unsaved wall and begins an empty one. */
  onNew: () => void;
}

/** Which wall this is, and the way to the others. */
export function WallMenu({ wallId, name, dirty, onNew }: WallMenuProps) {
  const { t } = useTranslation('wall');
  const walls = useWalls();
  const own = walls.data?.filter(({ mine }) => mine) ?? [];
  const shared = walls.data?.filter(({ mine }) => !mine) ?? [];
  const entry = (wall: WallSummary) => (
    <Menu.Item
      key={wall.id}
      component={Link}
      href={wallPath(wall.id)}
      aria-current={wall.id === wallId ? 'page' : undefined}
      fw={wall.id === wallId ? 600 : undefined}
      leftSection={wall.unit === null ? <IconLayoutGrid size={16} /> : <IconUsers size={16} />}
      rightSection={
        <Text size="xs" c="dimmed" className="tabular">
          {t('menu.cameras', { count: wall.cameras })}
        </Text>
      }
    >
      {wall.name}
      {!wall.mine && (
        <Text size="xs" c="dimmed">
          {wall.ownerName}
        </Text>
      )}
    </Menu.Item>
  );
  return (
    <Menu position="bottom-start" width={320} shadow="md">
      <Menu.Target>
        <Button
          size="xs"
          variant="default"
          className={classes.name}
          leftSection={<IconLayoutGrid size={15} aria-hidden />}
          rightSection={<IconChevronDown size={14} aria-hidden />}
        >
          {dirty ? t('menu.dirty', { name }) : name}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconPlus size={16} />} onClick={onNew}>
          {t('menu.new')}
        </Menu.Item>
        {wallId !== NEW_WALL && (
          <Menu.Item component={Link} href={wallPath(NEW_WALL)} leftSection={<IconLayoutGrid size={16} />}>
            {t('menu.unsaved')}
          </Menu.Item>
        )}
        <ScrollArea.Autosize mah={380}>
          {walls.isPending && <Loader size="xs" m="sm" />}
          {walls.isError && <ErrorState error={walls.error} retry={() => void walls.refetch()} compact />}
          {own.length > 0 && <Menu.Label>{t('menu.own')}</Menu.Label>}
          {own.map(entry)}
          {shared.length > 0 && <Menu.Label>{t('menu.shared')}</Menu.Label>}
          {shared.map(entry)}
          {walls.isSuccess && walls.data.length === 0 && (
            <Text size="xs" c="dimmed" p="xs">
              {t('menu.none')}
            </Text>
          )}
        </ScrollArea.Autosize>
      </Menu.Dropdown>
    </Menu>
  );
}
