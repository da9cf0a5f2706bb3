import { z } from 'zod';
import { ShownContent, WallTour } from '../../main/contract/wall.ts';

/** A wall as it stands in this window, before it is saved. */
export const WallDraft = z.strictObject({
  content: ShownContent,
  tour: WallTour.nullable(),
  /** The saved version that it was made from; 0 for a new wall. */
  version: z.int().min(0),
});
export type WallDraft = z.infer<typeof WallDraft>;

type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/** What of walls is kept in one window, so that going to the map and back loses nothing. Another person finds nothing. */
export function createDraftStore(store: Store, personId: string) {
  const name = (wallId: string) => `kalancha-wall-${personId}-${wallId}`;
  const last = `kalancha-wall-last-${personId}`;
  return {
    read(wallId: string): WallDraft | null {
      const text = store.getItem(name(wallId));
      if (text === null) return null;
      try {
        return WallDraft.parse(JSON.parse(text));
      } catch {
        // Written by another version of the console: a wall is made again in a minute.
        store.removeItem(name(wallId));
        return null;
      }
    },
    write(wallId: string, draft: WallDraft | null): void {
      if (draft === null) store.removeItem(name(wallId));
      else store.setItem(name(wallId), JSON.stringify(draft));
    },
    /** The wall last looked at. */
    last: (): string | null => store.getItem(last),
    setLast: (wallId: string): void => store.setItem(last, wallId),
  };
}
export type DraftStore = ReturnType<typeof createDraftStore>;
