import { ShownContent, WallTour } from '../../main/contract/wall.ts';
import { camerasOf, wallOf } from './wall-content.ts';

/** The wall that is not saved yet. */
export const NEW_WALL = 'new';

/** What the address of a wall says beside which one it is. */
export interface WallSearch {
  /** Cameras to be added to what is there. */
  add: string[];
  /** What an unsaved wall begins with. */
  content: ShownContent | null;
  tour: WallTour | null;
  /** A window of its own: the wall and nothing around it. */
  screen: boolean;
}

const ids = (text: string | null): string[] => (text ?? '').split(',').filter((id) => id !== '');

function parsed<T>(schema: { safeParse(value: unknown): { data?: T } }, text: string | null): T | null {
  if (text === null) return null;
  try {
    return schema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    // Addresses get cut when they are sent around: what cannot be read is as good as not there.
    return null;
  }
}

export function readWallSearch(params: URLSearchParams): WallSearch {
  const cameras = ids(params.get('cameras'));
  return {
    add: ids(params.get('add')),
    content:
      parsed(ShownContent, params.get('content')) ??
      (cameras.length > 0 ? (ShownContent.safeParse(wallOf(cameras)).data ?? null) : null),
    tour: parsed(WallTour, params.get('tour')),
    screen: params.has('screen'),
  };
}

export const wallPath = (id: string): string => `/wall/${encodeURIComponent(id)}`;

/** A new wall of these cameras. */
export const newWallPath = (cameraIds: readonly string[]): string =>
  `/wall/${NEW_WALL}?cameras=${cameraIds.map(encodeURIComponent).join(',')}`;

/** The wall last looked at, with one more camera. */
export const addToWallPath = (cameraId: string): string => `/wall?add=${encodeURIComponent(cameraId)}`;

/** The wall in a window of its own: by its id where it is saved as it is, else with all that is on it. */
export function screenPath(wall: {
  id: string;
  dirty: boolean;
  content: ShownContent;
  tour: WallTour | null;
}): string {
  if (wall.id !== NEW_WALL && !wall.dirty) return `${wallPath(wall.id)}?screen`;
  const params = new URLSearchParams();
  if (camerasOf(wall.content).length > 0) params.set('content', JSON.stringify(wall.content));
  if (wall.tour) params.set('tour', JSON.stringify(wall.tour));
  params.set('screen', '');
  return `/wall/${NEW_WALL}?${params}`;
}
