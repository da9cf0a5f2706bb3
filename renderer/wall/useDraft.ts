import { useCallback, useMemo, useState } from 'react';
import type { ShownContent, Wall, WallTour } from '../../main/contract/wall.ts';
import { useSession } from '../hub/session.tsx';
import { emptyWall, sameContent } from './wall-content.ts';
import { createDraftStore, type DraftStore, type WallDraft } from './wall-draft.ts';

export function useDraftStore(): DraftStore {
  const { person } = useSession();
  return useMemo(() => createDraftStore(window.sessionStorage, person.id), [person.id]);
}

export interface WallWork {
  content: ShownContent;
  tour: WallTour | null;
  /** The saved version that this was made from; 0 for a new wall. */
  version: number;
  /** Whether it differs from what is saved. */
  dirty: boolean;
  setContent: (content: ShownContent) => void;
  setTour: (tour: WallTour | null) => void;
  set: (both: { content: ShownContent; tour: WallTour | null }) => void;
  /** Back to what is saved. */
  discard: () => void;
}

/**
 * The wall as it is worked on: what is saved, until something is changed; from then on the draft of this window.
 * @param saved null for a new wall
 */
export function useDraft(wallId: string, saved: Wall | null): WallWork {
  const drafts = useDraftStore();
  const [draft, setDraft] = useState<WallDraft | null>(() => drafts.read(wallId));
  const base = useMemo<WallDraft>(
    () =>
      saved
        ? { content: saved.content, tour: saved.tour, version: saved.version }
        : { content: emptyWall, tour: null, version: 0 },
    [saved],
  );
  const now = draft ?? base;
  const write = useCallback(
    (next: WallDraft | null) => {
      setDraft(next);
      drafts.write(wallId, next);
    },
    [drafts, wallId],
  );
  const same =
    sameContent(now.content, base.content) && JSON.stringify(now.tour) === JSON.stringify(base.tour);
  return {
    ...now,
    dirty: draft !== null && !same,
    setContent: (content) => write({ ...now, content }),
    setTour: (tour) => write({ ...now, tour }),
    set: (both) => write({ ...now, ...both }),
    discard: () => write(null),
  };
}
