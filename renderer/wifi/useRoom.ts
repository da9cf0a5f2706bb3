import { type RefCallback, useCallback, useState } from 'react';

/** Fine enough to choose columns by, coarse enough that dragging a window's edge seldom draws a table anew. */
const STEP_PX = 16;

/** The width of an element, px, rounded down; known before anything is painted. @returns null until it is there */
export function useRoom(): [ref: RefCallback<HTMLElement>, room: number | null] {
  const [room, setRoom] = useState<number | null>(null);
  const ref = useCallback((element: HTMLElement | null) => {
    if (!element) return;
    const measure = () => setRoom(Math.floor(element.clientWidth / STEP_PX) * STEP_PX);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [ref, room];
}
