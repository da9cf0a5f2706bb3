import { type RefObject, useEffect, useRef } from 'react';
import { pan, timeAt, type View, zoom } from './timeline-view.ts';

interface Gestures {
  view: View;
  width: number;
  now: number;
  onView: (view: View) => void;
  onGo: (utc: number) => void;
  /** @param y px from the top of the timeline */
  onHover: (utc: number | null, y: number) => void;
}

/** A press that moved less than this is a click, px. */
const CLICK_PX = 4;

/** Wheel and pinch to zoom, drag to pan, click to go, hover to ask. */
export function useTimelineGestures(canvas: RefObject<HTMLCanvasElement | null>, gestures: Gestures): void {
  const latest = useRef(gestures);
  useEffect(() => {
    latest.current = gestures;
  });
  useEffect(() => {
    const element = canvas.current;
    if (!element) return;
    const fingers = new Map<number, number>();
    let moved = 0;
    let pinch = 0;

    const xIn = (event: PointerEvent | WheelEvent) => event.clientX - element.getBoundingClientRect().left;
    const at = (x: number) => timeAt(latest.current.view, x, latest.current.width);
    const apart = () => {
      const [a = 0, b = 0] = [...fingers.values()];
      return Math.abs(a - b);
    };

    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      const { view, width, now, onView } = latest.current;
      const sideways = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY);
      // Lines and pages of some mice, as pixels.
      const unit = event.deltaMode === 1 ? 24 : event.deltaMode === 2 ? 240 : 1;
      if (sideways) {
        const by = (event.deltaX || event.deltaY) * unit;
        onView(pan(view, (by / Math.max(1, width)) * (view.to - view.from), now));
      } else onView(zoom(view, 1.0022 ** (event.deltaY * unit), at(xIn(event)), now));
    };
    const onDown = (event: PointerEvent) => {
      if (event.button !== 0) return;
      element.setPointerCapture(event.pointerId);
      if (fingers.size === 0) moved = 0;
      fingers.set(event.pointerId, xIn(event));
      pinch = fingers.size === 2 ? apart() : 0;
    };
    const onMove = (event: PointerEvent) => {
      const { view, width, now, onView, onHover } = latest.current;
      const x = xIn(event);
      const before = fingers.get(event.pointerId);
      if (before === undefined) {
        onHover(at(x), event.clientY - element.getBoundingClientRect().top);
        return;
      }
      fingers.set(event.pointerId, x);
      moved += Math.abs(x - before);
      if (fingers.size === 2) {
        const wide = apart();
        const [a = 0, b = 0] = [...fingers.values()];
        if (pinch > 10 && wide > 10) onView(zoom(view, pinch / wide, at((a + b) / 2), now));
        pinch = wide;
        moved = CLICK_PX + 1;
      } else if (moved > CLICK_PX) {
        onHover(null, 0);
        onView(pan(view, ((before - x) / Math.max(1, width)) * (view.to - view.from), now));
      }
    };
    const onUp = (event: PointerEvent) => {
      if (!fingers.delete(event.pointerId)) return;
      if (event.type === 'pointerup' && fingers.size === 0 && moved <= CLICK_PX)
        latest.current.onGo(at(xIn(event)));
    };
    const onLeave = () => latest.current.onHover(null, 0);

    element.addEventListener('wheel', onWheel, { passive: false });
    element.addEventListener('pointerdown', onDown);
    element.addEventListener('pointermove', onMove);
    element.addEventListener('pointerup', onUp);
    element.addEventListener('pointercancel', onUp);
    element.addEventListener('pointerleave', onLeave);
    return () => {
      element.removeEventListener('wheel', onWheel);
      element.removeEventListener('pointerdown', onDown);
      element.removeEventListener('pointermove', onMove);
      element.removeEventListener('pointerup', onUp);
      element.removeEventListener('pointercancel', onUp);
      element.removeEventListener('pointerleave', onLeave);
    };
  }, [canvas]);
}
