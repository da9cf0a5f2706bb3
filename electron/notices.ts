import type { Answers, NoticeClicked, Takes } from '../native-bridge/contract.ts';

/** What is used of Electron's `Notification`. */
export interface ShownNotice {
  on(event: 'click' | 'close', listener: () => void): unknown;
  show(): void;
  close(): void;
}

export interface NoticeParts {
  /** Undefined where the system has no notices. */
  make: ((notice: { title: string; body: string; silent: boolean }) => ShownNotice) | undefined;
}

export interface NoticeAsker {
  /** Brings the window that asked forward. */
  focus(): void;
  tell(clicked: NoticeClicked): void;
}

/** Notices of the operating system. A click brings the window that asked forward, and tells it what to open. */
export function createNotices({ make }: NoticeParts) {
  /** The one shown last of each tag. */
  const shown = new Map<string, ShownNotice>();
  return {
    notify(
      { title, body, tag, silent, opens }: Takes<'notify'>,
      { focus, tell }: NoticeAsker,
    ): Answers<'notify'> {
      if (!make) return { shown: false };
      const notice = make({ title, body, silent: silent ?? false });
      notice.on('click', () => {
        focus();
        if (opens !== undefined) tell({ opens });
      });
      if (tag !== undefined) {
        shown.get(tag)?.close();
        shown.set(tag, notice);
        notice.on('close', () => {
          if (shown.get(tag) === notice) shown.delete(tag);
        });
      }
      notice.show();
      return { shown: true };
    },
  };
}
