import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';
import { useLocation } from 'wouter';
import { takesText } from '../ui/takes-text.ts';
import { KeysSheet } from './KeysSheet.tsx';
import { asksForHelp, sectionsOf } from './key-help.ts';

const OpenKeys = createContext<() => void>(() => undefined);

/** Opens the sheet of keys. */
export const useOpenKeys = (): (() => void) => useContext(OpenKeys);

/** The sheet of keys, on every screen by a question mark. */
export function KeysProvider({ children }: { children: ReactNode }) {
  const [path] = useLocation();
  const [shown, setShown] = useState(false);
  const [open] = useState(() => () => {
    // A wall that fills the screen would hide the sheet. Left meanwhile by Escape: nothing is to be done.
    if (document.fullscreenElement) void document.exitFullscreen().catch(() => undefined);
    setShown(true);
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || !asksForHelp(event)) return;
      if (event.target instanceof HTMLElement && takesText(event.target)) return;
      if (document.querySelector('[role="dialog"]')) return;
      event.preventDefault();
      open();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [open]);
  return (
    <OpenKeys value={open}>
      {children}
      {shown && <KeysSheet sections={sectionsOf(path)} onClose={() => setShown(false)} />}
    </OpenKeys>
  );
}
