import { z } from 'zod';

/** Which wall was on which screen, and whether its window was open when the program ended. */
export const WallPlaceState = z.strictObject({
  path: z.string().max(8000).startsWith('/wall/'),
  screenId: z.string().max(40),
  open: z.boolean(),
});
export const WallPlacesState = z.array(WallPlaceState).max(50);
export type WallPlace = z.infer<typeof WallPlaceState>;

/**
 * The screen for a wall: the one wished for while it is plugged in, else one beside that of the window it is opened
 * from, else that one.
 */
export function chooseScreen(screens: readonly string[], wished: string | null, current: string): string {
  if (wished !== null && screens.includes(wished)) return wished;
  return screens.find((id) => id !== current) ?? current;
}
