import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { HIDDEN_CAMERA, type ShownContent, type Wall, type WallInput } from '../../main/contract/wall.ts';
import { useErrorText } from '../ui/useErrorText.ts';
import { useDraftStore, type WallWork } from './useDraft.ts';
import { addWall, changeWall } from './useWalls.ts';
import { wallPath } from './wall-address.ts';

/** Cameras that were never told to this viewer stay behind when he makes a wall of his own. */
function withoutHidden(content: ShownContent): ShownContent {
  const known = (id: string | null) => (id === HIDDEN_CAMERA ? null : id);
  return content.layout === 'grid'
    ? { ...content, cells: content.cells.map(known) }
    : { ...content, tiles: content.tiles.map((tile) => ({ ...tile, cameraId: known(tile.cameraId) })) };
}

export interface SaveWall {
  saving: boolean;
  /** The owner's wall as it stands, under its name. */
  saveOwn: () => void;
  /** The owner's wall under another name, or shared otherwise. */
  rename: (named: Pick<WallInput, 'name' | 'shared'>) => Promise<Wall>;
  add: (named: Pick<WallInput, 'name' | 'shared'>) => Promise<Wall>;
  /** Goes to what was stored; the draft has done its work. */
  saved: (wall: Wall) => void;
}

export function useSaveWall(wallId: string, saved: Wall | null, work: WallWork): SaveWall {
  const { t } = useTranslation('wall');
  const client = useQueryClient();
  const drafts = useDraftStore();
  const errorText = useErrorText();
  const [, navigate] = useLocation();
  const { content, tour, version } = work;
  const body = (named: Pick<WallInput, 'name' | 'shared'>) => ({
    ...{ name: named.name, shared: named.shared ?? false },
    ...{ content: withoutHidden(content), tour },
  });

  const done = (wall: Wall) => {
    client.setQueryData(['walls', 'one', wall.id], wall);
    void client.invalidateQueries({ queryKey: ['walls', 'list'] });
    if (wall.id === wallId) work.discard();
    else {
      drafts.write(wallId, null);
      navigate(wallPath(wall.id));
    }
    notifications.show({ message: t('save.done', { name: wall.name }) });
  };
  const rename: SaveWall['rename'] = (named) => changeWall(wallId, { ...body(named), version });
  const { mutate, isPending } = useMutation({
    mutationFn: (wall: Wall) => rename({ name: wall.name, shared: wall.unit !== null }),
    onSuccess: done,
    onError: (error) => notifications.show({ color: 'red', autoClose: 10_000, message: errorText(error) }),
  });
  return {
    saving: isPending,
    saveOwn: () => saved && mutate(saved),
    rename,
    add: (named) => addWall(body(named)),
    saved: done,
  };
}
