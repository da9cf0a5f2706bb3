import { ActionIcon, Anchor, Button, Drawer, Tooltip } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconBookmarks } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { BookmarkList } from './BookmarkList.tsx';

interface MarksButtonProps {
  cameraId: string;
  /** UTC ms of the footage. */
  onGo(utc: number): void;
  /** A button with words, as wide as there is room. */
  wide?: boolean;
}

/** Opens what is marked in a camera's footage beside the player. */
export function MarksButton({ cameraId, onGo, wide = false }: MarksButtonProps) {
  const { t } = useTranslation(['holds', 'common']);
  const [opened, { open, close }] = useDisclosure(false);
  return (
    <>
      {wide ? (
        <Button
          size="md"
          fullWidth
          justify="flex-start"
          variant="default"
          leftSection={<IconBookmarks size={16} aria-hidden />}
          onClick={open}
          data-testid="open-bookmarks"
        >
          {t('bookmark.list')}
        </Button>
      ) : (
        <Tooltip label={t('bookmark.list')}>
          <ActionIcon
            variant="default"
            size={30}
            aria-label={t('bookmark.list')}
            onClick={open}
            data-testid="open-bookmarks"
          >
            <IconBookmarks size={17} aria-hidden />
          </ActionIcon>
        </Tooltip>
      )}
      <Drawer
        opened={opened}
        onClose={close}
        position="right"
        size={360}
        title={t('bookmark.list')}
        overlayProps={{ backgroundOpacity: 0.15 }}
      >
        <BookmarkList
          cameraId={cameraId}
          onOpen={({ at }) => {
            close();
            onGo(at);
          }}
        />
        <Anchor component={Link} size="sm" href={`/holds?camera=${encodeURIComponent(cameraId)}`}>
          {t('of-camera')}
        </Anchor>
      </Drawer>
    </>
  );
}
