import { type RefObject, useEffect, useRef, useState } from 'react';
import type { CityMap } from './city-map.ts';
import type { Box } from './engine/city-index.ts';
import { type Rectangle, watchRectangles } from './rectangle.ts';

export interface RectangleTool {
  /** Whether the next drag draws. */
  armed: boolean;
  /** What is being drawn. */
  drawn: Rectangle | null;
  /** The part of the city that was chosen. */
  box: Box | null;
  arm: (on: boolean) => void;
  /** All that the map shows, for who does not draw. */
  takeView: () => void;
  clear: () => void;
}

/** Choosing a part of the city by a rectangle. */
export function useRectangle(
  container: RefObject<HTMLElement | null>,
  map: CityMap | null,
  enabled: boolean,
): RectangleTool {
  const [armed, setArmed] = useState(false);
  const [drawn, setDrawn] = useState<Rectangle | null>(null);
  const [box, setBox] = useState<Box | null>(null);
  const latest = useRef(armed);
  useEffect(() => {
    latest.current = armed;
  });
  useEffect(() => {
    if (!container.current || !map || !enabled) return;
    return watchRectangles({
      container: container.current,
      armed: () => latest.current,
      onDraw: setDrawn,
      onDone: (rectangle) => {
        setArmed(false);
        setBox(map.boxOf(rectangle));
      },
    });
  }, [container, map, enabled]);
  return {
    armed: armed && enabled,
    drawn,
    box: enabled ? box : null,
    arm: (on) => {
      setArmed(on);
      setBox(null);
    },
    takeView: () => {
      setArmed(false);
      if (map) setBox(map.bounds());
    },
    clear: () => setBox(null),
  };
}
