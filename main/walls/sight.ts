import { HIDDEN_CAMERA, type ShownContent } from '../contract/wall.ts';
import type { WallPerson, WallRecord } from './types.ts';

/** Units are words of people: case, ё and spaces make no other unit. Null for none. */
export function unitKey(unit: string): string | null {
  const key = unit.trim().replace(/\s+/g, ' ').toLowerCase().replaceAll('ё', 'е');
  return key === '' ? null : key;
}

/** The owner sees his wall, and everybody of its unit while it is shared. Whoever has left the unit does not. */
export function maySee(wall: Pick<WallRecord, 'ownerId' | 'unitKey'>, person: WallPerson): boolean {
  return wall.ownerId === person.id || (wall.unitKey !== null && wall.unitKey === unitKey(person.unit));
}

/**
 * The content as somebody is told of it: his own cameras stay, in the place of others stands that there is one. The
 * owner named them all himself and is told all, so that what he may not see at the moment is not lost by storing.
 */
export function shownContent(
  content: ShownContent,
  isOwner: boolean,
  visible: (cameraId: string) => boolean,
): ShownContent {
  const shown = (id: string | null) => (id === null || isOwner || visible(id) ? id : HIDDEN_CAMERA);
  return content.layout === 'grid'
    ? { ...content, cells: content.cells.map(shown) }
    : {
        ...content,
        tiles: content.tiles.map((tile) => ({ ...tile, cameraId: shown(tile.cameraId) })),
      };
}

/** Cameras of a wall, empty tiles left out. */
export function camerasOf(content: ShownContent): string[] {
  const ids = content.layout === 'grid' ? content.cells : content.tiles.map(({ cameraId }) => cameraId);
  return ids.filter((id) => id !== null);
}
