/** Web Mercator (EPSG:3857) as map tiles use it: the world is a square of 256 * 2^zoom pixels. */
export const worldSize = (zoom: number): number => 256 * 2 ** zoom;

/** 0 to 1 from west to east. */
export const mercatorX = (lon: number): number => lon / 360 + 0.5;

/** 0 to 1 from north to south. */
export function mercatorY(lat: number): number {
  const sin = Math.sin((Math.max(-85.0511287798, Math.min(85.0511287798, lat)) * Math.PI) / 180);
  return 0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI);
}
