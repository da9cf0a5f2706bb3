import { Button, Group, Modal, Radio, Stack, Text, TextInput } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Bookmark } from '../../main/contract/bookmarks.ts';
import { useDeviceNames } from '../hub/useDeviceNames.ts';
import { useErrorText } from '../ui/useErrorText.ts';
import { useFormat } from '../ui/useFormat.ts';
import { useBookmarkChanges } from './useBookmarks.ts';
import { useRangeText } from './useRangeText.ts';

export interface BookmarkDialogProps {
  cameraId: string;
  /** UTC ms of the footage; with `to`, a stretch. */
  at: number;
  to?: number;
  onClose(): void;
}

/** Marks a moment or a stretch of a camera's footage. */
export function BookmarkDialog({ cameraId, at, to, onClose }: BookmarkDialogProps) {
  return <BookmarkModal cameraId={cameraId} at={at} to={to ?? null} bookmark={null} onClose={onClose} />;
}

/** The same for one that is there: its title and who sees it. */
export function EditBookmarkDialog({ bookmark, onClose }: { bookmark: Bookmark; onClose(): void }) {
  const { cameraId, at, to } = bookmark;
  return <BookmarkModal cameraId={cameraId} at={at} to={to} bookmark={bookmark} onClose={onClose} />;
}

interface BookmarkModalProps {
  cameraId: string;
  at: number;
  to: number | null;
  bookmark: Bookmark | null;
  onClose(): void;
}

function BookmarkModal({ cameraId, at, to, bookmark, onClose }: BookmarkModalProps) {
  const { t } = useTranslation(['holds', 'common']);
  const format = useFormat();
  const rangeText = useRangeText();
  const errorText = useErrorText();
  const nameOf = useDeviceNames([cameraId]);
  const narrow = useMediaQuery('(max-width: 48em)') ?? false;
  const { add, change } = useBookmarkChanges();
  const [title, setTitle] = useState(bookmark?.title ?? '');
  const [shared, setShared] = useState(bookmark?.shared ?? false);
  const [tried, setTried] = useState(false);
  const wrong = title.trim() === '';
  const error = add.error ?? change.error;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (wrong) return;
    const onSuccess = () => {
      notifications.show({ message: t('bookmark.done') });
      onClose();
    };
    if (bookmark) change.mutate({ id: bookmark.id, patch: { title: title.trim(), shared } }, { onSuccess });
    else
      add.mutate(
        {
          cameraId,
          at: Math.round(at),
          to: to === null ? null : Math.round(to),
          title: title.trim(),
          shared,
        },
        { onSuccess },
      );
  };
  return (
    <Modal
      opened
      onClose={onClose}
      fullScreen={narrow}
      title={t(bookmark ? 'bookmark.edit' : 'bookmark.add')}
    >
      <form onSubmit={submit} noValidate data-testid="bookmark-dialog">
        <Stack gap="md">
          <div>
            <Text size="sm" fw={600}>
              {nameOf(cameraId)}
            </Text>
            <Text size="sm" className="tabular">
              {to === null ? format.dateTime(at) : rangeText(at, to)}
            </Text>
          </div>
          <TextInput
            label={t('bookmark.title')}
            placeholder={t('bookmark.title-placeholder')}
            maxLength={200}
            required
            value={title}
            onChange={(event) => setTitle(event.currentTarget.value)}
            error={tried && wrong ? t('bookmark.title-wrong') : undefined}
            data-autofocus
            data-testid="bookmark-title"
          />
          <Radio.Group
            label={t('bookmark.who')}
            value={shared ? 'shared' : 'private'}
            onChange={(value) => setShared(value === 'shared')}
          >
            <Stack gap={6} mt={6}>
              <Radio value="private" label={t('bookmark.private')} />
              <Radio
                value="shared"
                label={t('bookmark.shared')}
                description={t('bookmark.shared-hint')}
                data-testid="bookmark-shared"
              />
            </Stack>
          </Radio.Group>
          {error && (
            <Text c="var(--mantine-color-error)" size="sm" role="alert">
              {errorText(error)}
            </Text>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('common:cancel')}
            </Button>
            <Button type="submit" loading={add.isPending || change.isPending} data-testid="bookmark-submit">
              {t('common:save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
