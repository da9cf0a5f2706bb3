import { type ReactNode, useState } from 'react';
import { ExportDialog } from '../export/ExportDialog.tsx';
import { BookmarkDialog } from '../holds/BookmarkDialog.tsx';
import { HoldDialog } from '../holds/HoldDialog.tsx';
import type { Marks } from './useMarks.ts';

/** What can be done with a range of footage, or with the moment. */
export type RangeAct = 'export' | 'hold' | 'bookmark';

interface RangeDialogOptions {
  cameraIds: readonly string[];
  selected: string;
  /** UTC ms; null while nothing is shown. */
  position: number | null;
  marks: Marks;
  /** Called before a dialog opens: what is looked at shall stay. */
  onPause: () => void;
}

/** With no range marked, this much around the moment is offered, ms. */
const AROUND_MS = 30_000;

/** The dialog of one of the acts, and how to open it. Null where there is nothing to act on. */
export function useRangeDialog({ cameraIds, selected, position, marks, onPause }: RangeDialogOptions): {
  show: ((what: RangeAct) => void) | null;
  dialog: ReactNode;
} {
  const [open, setOpen] = useState<{ what: RangeAct; from: number; to: number } | null>(null);
  const show = (what: RangeAct, at: number) => {
    onPause();
    const from = marks.from ?? (marks.to ?? at) - AROUND_MS;
    const to = marks.to ?? (marks.from ?? at) + AROUND_MS;
    setOpen({ what, from: Math.round(what === 'bookmark' ? at : from), to: Math.round(to) });
  };
  const close = () => setOpen(null);
  return {
    show: position === null ? null : (what) => show(what, position),
    dialog: (
      <>
        {open?.what === 'export' && (
          <ExportDialog cameraIds={[...cameraIds]} from={open.from} to={open.to} onClose={close} />
        )}
        {open?.what === 'hold' && (
          <HoldDialog cameraIds={[...cameraIds]} from={open.from} to={open.to} onClose={close} />
        )}
        {open?.what === 'bookmark' && <BookmarkDialog cameraId={selected} at={open.from} onClose={close} />}
      </>
    ),
  };
}
