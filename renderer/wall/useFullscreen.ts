import { type RefObject, useEffect, useState } from 'react';

/** The browser's full screen for one element. */
export function useFullscreen(element: RefObject<HTMLElement | null>): {
  on: boolean;
  toggle: () => void;
  leave: () => void;
} {
  const [on, setOn] = useState(false);
  useEffect(() => {
    const follow = () => setOn(element.current !== null && document.fullscreenElement === element.current);
    document.addEventListener('fullscreenchange', follow);
    return () => document.removeEventListener('fullscreenchange', follow);
  }, [element]);
  const leave = () => {
    // Left meanwhile by the Escape key: there is nothing to leave any more.
    if (document.fullscreenElement) void document.exitFullscreen().catch(() => setOn(false));
  };
  const toggle = () => {
    if (document.fullscreenElement) leave();
    // Forbidden where the page is embedded or nobody touched it yet: the wall stays as it is.
    else void element.current?.requestFullscreen().catch(() => setOn(false));
  };
  return { on, toggle, leave };
}
