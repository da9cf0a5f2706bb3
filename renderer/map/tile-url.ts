/** Name under which the person's own tile address is kept on this machine. */
export const tileUrlName = (personId: string): string => `kalancha.tiles.${personId}`;

export type TileUrlFault = 'not-https' | 'no-places';

/**
 * What is wrong with a tile address; null when it can be used. The hub's content policy lets images come
 * from its own origin and from https alone.
 */
export function tileUrlFault(url: string): TileUrlFault | null {
  if (!/^https:\/\/[^\s/]+\//.test(url) && !/^\/[^/]/.test(url)) return 'not-https';
  if (!['{z}', '{x}', '{y}'].every((place) => url.includes(place))) return 'no-places';
  return null;
}
