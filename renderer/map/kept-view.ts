import { z } from 'zod';

const NAME = 'kalancha.view';
const View = z.object({
  lat: z.number().min(-85).max(85),
  lon: z.number().min(-180).max(180),
  zoom: z.number().min(0).max(20),
});
export type View = z.infer<typeof View>;

/** Where the map was looked at before another screen was opened; null at first, or when it cannot be read. */
export function readView(storage: Pick<Storage, 'getItem'>): View | null {
  const text = storage.getItem(NAME);
  if (text === null) return null;
  try {
    return View.parse(JSON.parse(text));
  } catch {
    // Written by an older version or by hand: the city's own view is a fine answer.
    return null;
  }
}

export function writeView(storage: Pick<Storage, 'setItem'>, view: View): void {
  storage.setItem(NAME, JSON.stringify(view));
}
