import { z } from 'zod';

const Side = z.int().min(-100_000).max(100_000);
export const WindowState = z.strictObject({
  bounds: z.strictObject({ x: Side, y: Side, width: Side.min(1), height: Side.min(1) }).optional(),
  maximized: z.boolean(),
});
export type WindowState = z.infer<typeof WindowState>;
export type Bounds = NonNullable<WindowState['bounds']>;

export const DEFAULT_SIZE = { width: 1440, height: 900 };
export const LEAST_SIZE = { width: 360, height: 480 };

/** So much of the upper edge must be on a screen for a person to get hold of the window. */
const GRIP = { width: 120, height: 40 };

/**
 * Where the window goes: where it was, when that is still on a screen (all in device-independent pixels), else in
 * the middle of the first one, never bigger than it.
 */
export function placeWindow(saved: Bounds | undefined, workAreas: readonly Bounds[]): Bounds {
  if (saved && workAreas.some((area) => canBeGripped(saved, area)))
    return {
      ...saved,
      width: Math.max(LEAST_SIZE.width, saved.width),
      height: Math.max(LEAST_SIZE.height, saved.height),
    };
  const area = workAreas[0] ?? { x: 0, y: 0, ...DEFAULT_SIZE };
  const width = Math.min(saved?.width ?? DEFAULT_SIZE.width, area.width);
  const height = Math.min(saved?.height ?? DEFAULT_SIZE.height, area.height);
  return {
    x: area.x + Math.round((area.width - width) / 2),
    y: area.y + Math.round((area.height - height) / 2),
    width,
    height,
  };
}

function canBeGripped(window: Bounds, area: Bounds): boolean {
  const across = Math.min(window.x + window.width, area.x + area.width) - Math.max(window.x, area.x);
  return across >= GRIP.width && window.y >= area.y && window.y + GRIP.height <= area.y + area.height;
}
