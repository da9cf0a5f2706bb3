import { Alert, Button, Group, Modal, Stack, Switch, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Wall, WallInput } from '../../main/contract/wall.ts';
import { useSession } from '../hub/session.tsx';
import { useErrorText } from '../ui/useErrorText.ts';
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
  const errorText = useErrorText();
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
          {error && (
            <Alert color="red" role="alert">
              {errorText(error)}
            </Alert>
          )}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {t('common:cancel')}
            </Button>
            <Button type="submit" loading={isPending} disabled={name.trim() === ''}>
              {t('common:save')}
            </Button>
          </Group>
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
  const errorText = useErrorText();
  const client = useQueryClient();
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => removeWall(wall.id),
    onSuccess: () => {
      onRemoved();
      client.removeQueries({ queryKey: ['walls', 'one', wall.id] });
      void client.invalidateQueries({ queryKey: ['walls', 'list'] });
    },
  });
  return (
    <Modal opened onClose={onClose} title={t('remove.title', { name: wall.name })}>
      <Stack>
        <Text size="sm">
          {wall.unit === null ? t('remove.private') : t('remove.shared', { unit: wall.unit })}
        </Text>
        {error && (
          <Alert color="red" role="alert">
            {errorText(error)}
          </Alert>
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose} data-autofocus>
            {t('common:cancel')}
          </Button>
          <Button color="red" loading={isPending} onClick={() => mutate()}>
            {t('common:delete')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
