import {
  ActionIcon,
  Badge,
  Button,
  Group,
  Menu,
  Stack,
  Switch,
  Text,
  TextInput,
  UnstyledButton,
} from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { IconBookmark, IconDots, IconPencil, IconSearch, IconTrash, IconUsers } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Bookmark } from '../../main/contract/bookmarks.ts';
import { useDeviceNames } from '../hub/useDeviceNames.ts';
import screen from '../ui/screen.module.css';
import { EmptyState, ErrorState, Loading } from '../ui/states.tsx';
import { useErrorText } from '../ui/useErrorText.ts';
import { useFormat } from '../ui/useFormat.ts';
import { EditBookmarkDialog } from './BookmarkDialog.tsx';
import classes from './holds.module.css';
import { useBookmarkChanges, useBookmarks } from './useBookmarks.ts';

export interface BookmarkListProps {
  /** Only this camera's; without it, every camera's. */
  cameraId?: string;
  onOpen(bookmark: Bookmark): void;
}

/** Bookmarks to go to, newest footage first. */
export function BookmarkList({ cameraId, onOpen }: BookmarkListProps) {
  const { t } = useTranslation(['holds', 'common']);
  const [typed, setTyped] = useState('');
  const [q] = useDebouncedValue(typed.trim(), 200);
  const [mine, setMine] = useState(false);
  const [editing, setEditing] = useState<Bookmark | null>(null);
  const found = useBookmarks({ camera: cameraId ?? '', q, mine });
  const items = found.data?.pages.flatMap((page) => page.items) ?? [];
  const nameOf = useDeviceNames(cameraId ? [] : [...new Set(items.map((one) => one.cameraId))]);
  return (
    <section className={classes.side} aria-label={t('bookmark.list')} data-testid="bookmark-list">
      <TextInput
        size="xs"
        placeholder={t('bookmark.search')}
        aria-label={t('bookmark.search')}
        leftSection={<IconSearch size={15} aria-hidden />}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      <Switch
        size="xs"
        label={t('bookmark.only-mine')}
        checked={mine}
        onChange={(event) => setMine(event.currentTarget.checked)}
      />
      {found.isPending ? (
        <Loading />
      ) : found.isError && items.length === 0 ? (
        <ErrorState compact error={found.error} retry={() => void found.refetch()} />
      ) : items.length === 0 ? (
        <EmptyState icon={<IconBookmark size={24} />} title={t('bookmark.none')}>
          {t(q === '' && !mine ? 'bookmark.none-do' : 'bookmark.none-found')}
        </EmptyState>
      ) : (
        <ul className={classes.rows}>
          {items.map((bookmark) => (
            <Row
              key={bookmark.id}
              bookmark={bookmark}
              camera={cameraId ? null : nameOf(bookmark.cameraId)}
              onOpen={() => onOpen(bookmark)}
              onEdit={() => setEditing(bookmark)}
            />
          ))}
        </ul>
      )}
      {found.hasNextPage && (
        <Button
          size="xs"
          variant="default"
          loading={found.isFetchingNextPage}
          onClick={() => void found.fetchNextPage()}
        >
          {t('more')}
        </Button>
      )}
      {editing && <EditBookmarkDialog bookmark={editing} onClose={() => setEditing(null)} />}
    </section>
  );
}

interface RowProps {
  bookmark: Bookmark;
  camera: string | null;
  onOpen: () => void;
  onEdit: () => void;
}

function Row({ bookmark, camera, onOpen, onEdit }: RowProps) {
  const { t } = useTranslation(['holds', 'common']);
  const format = useFormat();
  const errorText = useErrorText();
  const { remove } = useBookmarkChanges();
  const { title, at, to, shared, mine, by } = bookmark;
  const drop = () =>
    remove.mutate(bookmark.id, {
      onSuccess: () => notifications.show({ message: t('bookmark.removed') }),
      onError: (error) => notifications.show({ color: 'red', message: errorText(error) }),
    });
  return (
    <li className={classes.bookmark} data-testid="bookmark-row">
      <UnstyledButton className={classes.open} onClick={onOpen}>
        <Stack gap={1}>
          <Text size="sm" fw={500} className={screen.wrap}>
            {title}
          </Text>
          <Text size="xs" className="tabular">
            {format.dateTime(at)}
            {to !== null && ` · ${format.duration(to - at)}`}
          </Text>
          {camera !== null && (
            <Text size="xs" c="dimmed" className={screen.wrap}>
              {camera}
            </Text>
          )}
          <Group gap={6}>
            {shared && (
              <Badge
                size="xs"
                variant="light"
                color="gray"
                tt="none"
                leftSection={<IconUsers size={11} aria-hidden />}
              >
                {t('bookmark.shared-short')}
              </Badge>
            )}
            {!mine && (
              <Text size="xs" c="dimmed">
                {by.name}
              </Text>
            )}
          </Group>
        </Stack>
      </UnstyledButton>
      {mine && (
        <Menu position="bottom-end" withinPortal>
          <Menu.Target>
            <ActionIcon variant="subtle" color="gray" aria-label={t('bookmark.actions', { title })}>
              <IconDots size={16} aria-hidden />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<IconPencil size={15} aria-hidden />} onClick={onEdit}>
              {t('common:edit')}
            </Menu.Item>
            <Menu.Sub>
              <Menu.Sub.Target>
                <Menu.Sub.Item color="red" leftSection={<IconTrash size={15} aria-hidden />}>
                  {t('common:delete')}
                </Menu.Sub.Item>
              </Menu.Sub.Target>
              <Menu.Sub.Dropdown>
                <Menu.Item color="red" onClick={drop} data-testid="bookmark-remove">
                  {t('bookmark.remove-sure')}
                </Menu.Item>
              </Menu.Sub.Dropdown>
            </Menu.Sub>
          </Menu.Dropdown>
        </Menu>
      )}
    </li>
  );
}
