import { Button, Modal, Stack, Switch, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Wall, WallInput } from '../../main/contract/wall.ts';
import { useSession } from '../hub/session.tsx';
import { ConfirmDialog } from '../ui/ConfirmDialog.tsx';
import { DialogEnd } from '../ui/DialogEnd.tsx';
import { removeWall } from './useWalls.ts';

interface SaveDialogProps {
  title: string;
  name: string;
  shared: boolean;
  /** Stores it. */
  save: (named: Pick<WallInput, 'name' | 'shared'>) => Promise<Wall>;
  onSaved: (wall: Wall) => void;
  onClose: () => void;
}

/** How the wall is called and who sees it. */
export function SaveDialog({
  title,
  name: before,
  shared: sharedBefore,
  save,
  onSaved,
  onClose,
}: SaveDialogProps) {
  const { t } = useTranslation(['wall', 'common']);
  const { person } = useSession();
  const [name, setName] = useState(before);
  const [shared, setShared] = useState(sharedBefore);
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => save({ name: name.trim(), shared }),
    onSuccess: onSaved,
  });
  const hasUnit = person.unit.trim() !== '';
  return (
    <Modal opened onClose={onClose} title={title}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim() !== '') mutate();
        }}
      >
        <Stack>
          <TextInput
            label={t('save.name')}
            placeholder={t('save.name-placeholder')}
            value={name}
            maxLength={80}
            required
            data-autofocus
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Switch
            label={t('save.shared')}
            description={hasUnit ? t('save.shared-with', { unit: person.unit }) : t('save.no-unit')}
            checked={shared}
            disabled={!hasUnit && !shared}
            onChange={(event) => setShared(event.currentTarget.checked)}
          />
          <Text size="xs" c="dimmed">
            {t('save.rights')}
          </Text>
          <DialogEnd error={error} onClose={onClose}>
            <Button type="submit" loading={isPending} disabled={name.trim() === ''}>
              {t('common:save')}
            </Button>
          </DialogEnd>
        </Stack>
      </form>
    </Modal>
  );
}

interface RemoveDialogProps {
  wall: Wall;
  onRemoved: () => void;
  onClose: () => void;
}

/** Asks once more; says whom it is taken from. */
export function RemoveDialog({ wall, onRemoved, onClose }: RemoveDialogProps) {
  const { t } = useTranslation(['wall', 'common']);
  const client = useQueryClient();
  const change = useMutation({
    mutationFn: () => removeWall(wall.id),
    onSuccess: () => {
      onRemoved();
      client.removeQueries({ queryKey: ['walls', 'one', wall.id] });
      void client.invalidateQueries({ queryKey: ['walls', 'list'] });
    },
  });
  return (
    <ConfirmDialog
      title={t('remove.title', { name: wall.name })}
      confirm={t('common:delete')}
      final
      change={change}
      onConfirm={() => change.mutate()}
      onClose={onClose}
    >
      {wall.unit === null ? t('remove.private') : t('remove.shared', { unit: wall.unit })}
    </ConfirmDialog>
  );
}
