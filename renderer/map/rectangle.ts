/** A rectangle in the container, CSS pixels. */
export interface Rectangle {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** Less than this is a click that slipped, px. */
const LEAST_PX = 8;

export interface RectangleOptions {
  container: HTMLElement;
  /** Whether a drag draws now, without the Shift key. */
  armed: () => boolean;
  /** While it is drawn; null when it is given up. */
  onDraw: (rectangle: Rectangle | null) => void;
  onDone: (rectangle: Rectangle) => void;
}

/**
 * Draws rectangles over the map: with Shift and the mouse at any time, with mouse or finger while armed. The map
 * below hears nothing of such a drag, nor of the click that ends it. @returns the function that ends it
 */
export function watchRectangles({ container, armed, onDraw, onDone }: RectangleOptions): () => void {
  let from: { x: number; y: number; pointer: number } | null = null;
  let drawn = false;
  const place = (event: PointerEvent) => {
    const box = container.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const between = (to: { x: number; y: number }): Rectangle => ({
    left: Math.min(from?.x ?? to.x, to.x),
    top: Math.min(from?.y ?? to.y, to.y),
    width: Math.abs(to.x - (from?.x ?? to.x)),
    height: Math.abs(to.y - (from?.y ?? to.y)),
  });
  const wanted = (event: MouseEvent) => event.button === 0 && (event.shiftKey || armed());

  const down = (event: PointerEvent) => {
    drawn = false;
    if (!wanted(event) || !event.isPrimary) return;
    event.stopPropagation();
    from = { ...place(event), pointer: event.pointerId };
    container.setPointerCapture(event.pointerId);
  };
  const move = (event: PointerEvent) => {
    if (from?.pointer !== event.pointerId) return;
    event.stopPropagation();
    onDraw(between(place(event)));
  };
  const end = (event: PointerEvent) => {
    if (from?.pointer !== event.pointerId) return;
    event.stopPropagation();
    const rectangle = between(place(event));
    from = null;
    onDraw(null);
    drawn = rectangle.width >= LEAST_PX && rectangle.height >= LEAST_PX;
    if (drawn && event.type === 'pointerup') onDone(rectangle);
  };
  // The map listens for these two as well, whatever the pointer events say.
  const mute = (event: Event) => {
    if (from) event.stopPropagation();
  };
  const click = (event: MouseEvent) => {
    if (drawn) event.stopPropagation();
    drawn = false;
  };
  const giveUp = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || !from) return;
    from = null;
    onDraw(null);
  };
  const options = { capture: true };
  container.addEventListener('pointerdown', down, options);
  container.addEventListener('pointermove', move, options);
  container.addEventListener('pointerup', end, options);
  container.addEventListener('pointercancel', end, options);
  container.addEventListener('mousedown', mute, options);
  container.addEventListener('touchstart', mute, options);
  container.addEventListener('click', click, options);
  window.addEventListener('keydown', giveUp);
  return () => {
    container.removeEventListener('pointerdown', down, options);
    container.removeEventListener('pointermove', move, options);
    container.removeEventListener('pointerup', end, options);
    container.removeEventListener('pointercancel', end, options);
    container.removeEventListener('mousedown', mute, options);
    container.removeEventListener('touchstart', mute, options);
    container.removeEventListener('click', click, options);
    window.removeEventListener('keydown', giveUp);
  };
}
